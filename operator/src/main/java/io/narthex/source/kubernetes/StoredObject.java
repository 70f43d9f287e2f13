package io.narthex.source.kubernetes;

/**
 * What the API server knows of a resource besides what its author declared.
 *
 * @param uid its identity: another object of the same name has another
 * @param generation counts the changes of its specification
 * @param version its resource version: another one with each change of anything
 * @param status its status as it stands there
 */
public record StoredObject(String uid, long generation, String version, JsonText status) {}

package io.narthex.source.kubernetes;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What the API server knows of a resource besides what its author declared.
 *
 * @param uid its identity: another object of the same name has another
 * @param generation counts the changes of its specification
 * @param resourceVersion names this version of the object
 * @param status its status as it stands there; a missing node for none
 */
public record StoredObject(String uid, long generation, String resourceVersion, JsonNode status) {}

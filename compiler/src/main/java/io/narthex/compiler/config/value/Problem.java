package io.narthex.compiler.config.value;

/**
 * What is wrong with a text, in the words of a diagnostic.
 *
 * @param message what was found, a phrase without a capital or a full stop
 * @param allowed what is allowed in its place, short; may be empty
 * @param remedy what to do, an imperative phrase; may be empty
 */
public record Problem(String message, String allowed, String remedy) {}

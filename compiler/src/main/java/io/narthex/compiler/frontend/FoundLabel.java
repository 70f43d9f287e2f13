package io.narthex.compiler.frontend;

import io.narthex.compiler.model.FieldPath;

/**
 * A label that counts.
 *
 * @param value its value, without spaces and quotes around it
 * @param key its name
 * @param place where it stands
 */
record FoundLabel(String value, String key, FieldPath place) {}

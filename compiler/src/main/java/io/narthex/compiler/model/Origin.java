package io.narthex.compiler.model;

import java.util.Optional;

/**
 * Where one line of a scrape job comes from.
 *
 * @param line the line in the job's file, from 1
 * @param text the line as it stands there, without its indentation
 * @param resource the resource that asked for it; empty where Narthex adds it by itself
 * @param field the field of that resource
 */
public record Origin(int line, String text, Optional<ResourceKey> resource, FieldPath field) {}

package io.narthex.compiler.model;

/**
 * A PromQL expression of a rule, to be checked by Prometheus itself.
 *
 * @param resource the RuleSet
 * @param field the field that holds it
 * @param text the expression
 */
public record Expression(ResourceKey resource, FieldPath field, String text) {}

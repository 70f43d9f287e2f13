package io.narthex.compiler.model;

/**
 * A PromQL expression of which the compiler wants to know what Prometheus's own parser says: a {@link QueryVerdict} of
 * the {@link Inventory}.
 *
 * @param resource the RuleSet
 * @param field the field that holds it
 * @param text the expression
 * @param tree whether it must know the expression's tree, and not only whether it is PromQL
 */
public record Expression(ResourceKey resource, FieldPath field, String text, boolean tree) {}

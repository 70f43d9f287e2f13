package io.narthex.compiler.assemble;

import io.narthex.compiler.model.ResourceKey;
import java.util.function.Function;

/**
 * One rule group's configuration, ready to stand in a rule file's list.
 *
 * @param resource the RuleSet that declared it
 * @param group the group's name there
 * @param rules how many rules it has
 * @param digest names what it says, apart from its name
 * @param content makes the item of a YAML list, in UTF-8, with a line feed at its end, under the given group name
 */
public record RulePiece(
        ResourceKey resource, String group, int rules, String digest, Function<String, byte[]> content) {}

package io.narthex.api.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A JSON tree as YAML that stays small at great depth: what holds no further objects stands on one line. Strings are
 * quoted as in JSON unless no version of YAML could take them for anything else.
 */
final class YamlText {
    private static final Set<String> NOT_STRINGS = Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    private final StringBuilder text = new StringBuilder();

    private YamlText() {}

    /** The text of {@code tree}, which is an object. */
    static String of(JsonNode tree) {
        YamlText yaml = new YamlText();
        yaml.block(tree, 0);
        return yaml.text.toString();
    }

    private void block(JsonNode node, int depth) {
        boolean first = true;
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            // The first key of a list's element stands behind its dash.
            if (!first || text.isEmpty() || text.charAt(text.length() - 1) == '\n') {
                text.repeat(' ', depth);
            }
            first = false;
            text.append(scalar(entry.getKey())).append(':');
            JsonNode value = entry.getValue();
            if (isLeaf(value)) {
                text.append(' ');
                flow(value);
                text.append('\n');
            } else if (value.isArray()) {
                text.append('\n');
                for (JsonNode element : value) {
                    text.repeat(' ', depth).append("- ");
                    if (isLeaf(element)) {
                        flow(element);
                        text.append('\n');
                    } else {
                        block(element, depth + 2);
                    }
                }
            } else {
                text.append('\n');
                block(value, depth + 2);
            }
        }
    }

    private void flow(JsonNode node) {
        if (node.isObject()) {
            String separator = "{";
            for (Map.Entry<String, JsonNode> entry : node.properties()) {
                text.append(separator).append(scalar(entry.getKey())).append(": ");
                flow(entry.getValue());
                separator = ", ";
            }
            text.append(node.isEmpty() ? "{}" : "}");
        } else if (node.isArray()) {
            String separator = "[";
            for (JsonNode element : node) {
                text.append(separator);
                flow(element);
                separator = ", ";
            }
            text.append(node.isEmpty() ? "[]" : "]");
        } else {
            text.append(node.isTextual() ? scalar(node.textValue()) : node.toString());
        }
    }

    private static boolean isLeaf(JsonNode node) {
        if (node.isObject()) {
            for (JsonNode child : node) {
                if (child.isContainerNode() && !isScalars(child)) {
                    return false;
                }
            }
            return true;
        }
        return !node.isArray() || isScalars(node);
    }

    private static boolean isScalars(JsonNode node) {
        if (!node.isArray()) {
            return false;
        }
        for (JsonNode child : node) {
            if (child.isContainerNode()) {
                return false;
            }
        }
        return true;
    }

    private static String scalar(String value) {
        boolean plain =
                value.matches("[A-Za-z_][A-Za-z0-9_./-]*") && !NOT_STRINGS.contains(value.toLowerCase(Locale.ROOT));
        return plain ? value : TextNode.valueOf(value).toString();
    }
}

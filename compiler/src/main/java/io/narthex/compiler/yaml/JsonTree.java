package io.narthex.compiler.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigInteger;

/** Turns YAML into the JSON that it stands for. */
final class JsonTree {

    static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private JsonTree() {}

    static JsonNode of(YamlNode node) {
        return switch (node) {
            case YamlNode.Mapping mapping -> {
                ObjectNode object = NODES.objectNode();
                mapping.entries().forEach(entry -> object.set(entry.key(), of(entry.value())));
                yield object;
            }
            case YamlNode.Sequence list -> {
                ArrayNode array = NODES.arrayNode(list.items().size());
                list.items().forEach(item -> array.add(of(item)));
                yield array;
            }
            case YamlNode.Scalar scalar -> of(scalar.value());
        };
    }

    static JsonNode of(ScalarValue value) {
        return switch (value) {
            case ScalarValue.Null ignored -> NODES.nullNode();
            case ScalarValue.Text(String text) -> NODES.textNode(text);
            case ScalarValue.Bool(boolean set) -> NODES.booleanNode(set);
            // The narrowest type, as a JSON parser would choose it.
            case ScalarValue.Int(BigInteger number)
            when number.bitLength() < Integer.SIZE -> NODES.numberNode(number.intValue());
            case ScalarValue.Int(BigInteger number)
            when number.bitLength() < Long.SIZE -> NODES.numberNode(number.longValue());
            case ScalarValue.Int(BigInteger number) -> NODES.numberNode(number);
            case ScalarValue.Decimal(double number) -> NODES.numberNode(number);
        };
    }
}

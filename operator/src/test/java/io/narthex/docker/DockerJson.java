package io.narthex.docker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Objects as Docker sends them, for tests that have no daemon. */
public final class DockerJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private DockerJson() {}

    /** Returns the objects that texts describe, which may have single quotes in place of double ones. */
    public static List<JsonNode> objects(String... texts) throws IOException {
        List<JsonNode> all = new ArrayList<>();
        for (String text : texts) {
            all.add(JSON.readTree(text.replace('\'', '"')));
        }
        return all;
    }
}

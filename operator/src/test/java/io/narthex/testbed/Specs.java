package io.narthex.testbed;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Reads what tests declare in a line of YAML. */
public final class Specs {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Specs() {}

    /** Returns what the YAML says, as this type. */
    public static <T> T read(String yaml, Class<T> type) {
        return JSON.convertValue(new Load(LoadSettings.builder().build()).loadFromString(yaml), type);
    }
}

package io.narthex.cli;

import java.util.LinkedHashMap;
import java.util.Map;

/** The environment variables that users set for narthex, as they read of them. */
enum EnvironmentVariable {
    /** Names the program. */
    PROMETHEUS("the Prometheus that run starts and doctor looks at, where --prometheus names none"),
    /** The system's own. */
    PATH("where a program prometheus is looked for otherwise"),
    /** See https://no-color.org. */
    NO_COLOR("set to anything: no colours, like --no-color"),
    /** The system's own. */
    TERM("dumb: no colours, and no table that is drawn anew"),
    /** Overrides what the terminal says. */
    COLUMNS("the columns to print for, in place of the terminal's own"),
    /** Read by bin/narthex. */
    JAVA_HOME("the Java that bin/narthex runs on, where it is new enough"),
    /** Read by bin/narthex. */
    NARTHEX_JAVA_OPTS("options that bin/narthex hands to Java");

    private final String meaning;

    EnvironmentVariable(String meaning) {
        this.meaning = meaning;
    }

    /** Returns what it does, a phrase without a capital or a full stop. */
    String meaning() {
        return meaning;
    }

    /** Returns all by name, as users read them. */
    static Map<String, String> byName() {
        Map<String, String> table = new LinkedHashMap<>();
        for (EnvironmentVariable variable : values()) {
            table.put(variable.name(), variable.meaning());
        }
        return table;
    }

    static String text() {
        StringBuilder text = new StringBuilder("Environment variables:\n");
        byName().forEach((name, meaning) -> text.append(String.format("  %-17s  %s%n", name, meaning)));
        return text.toString();
    }
}

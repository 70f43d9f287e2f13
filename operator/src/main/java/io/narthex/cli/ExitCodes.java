package io.narthex.cli;

import io.narthex.cli.terminal.ExitCode;
import java.util.LinkedHashMap;
import java.util.Map;

/** The table of exit codes as users read it. */
final class ExitCodes {

    private ExitCodes() {}

    static Map<String, String> byNumber() {
        Map<String, String> table = new LinkedHashMap<>();
        for (ExitCode code : ExitCode.values()) {
            table.put(String.valueOf(code.number()), code.meaning());
        }
        return table;
    }

    static String text() {
        StringBuilder text = new StringBuilder("Exit codes of all commands:\n");
        byNumber().forEach((number, meaning) -> text.append(String.format("  %4s  %s%n", number, meaning)));
        return text.append("Warnings alone end with 0, unless --strict.\n").toString();
    }
}

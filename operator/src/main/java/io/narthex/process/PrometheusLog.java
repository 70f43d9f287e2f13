package io.narthex.process;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads lines that Prometheus logs: {@code level=ERROR msg="Error reloading config" err="..."}, as text or as JSON, of
 * all supported releases.
 */
public final class PrometheusLog {

    private static final int SHOWN = 1_000;
    private static final Pattern TEXT =
            Pattern.compile("(?:^|\\s)(level|msg|err|error)=(\"(?:[^\"\\\\]|\\\\.)*+\"|\\S+)");
    private static final Pattern JSON =
            Pattern.compile("\"(level|msg|err|error)\"\\s*:\\s*(\"(?:[^\"\\\\]|\\\\.)*+\"|[^,}\\s]+)");

    /**
     * A line.
     *
     * @param level {@code debug}, {@code info}, {@code warn} or {@code error}
     * @param message what happened
     * @param error why; may be empty
     */
    public record Entry(String level, String message, String error) {
        /** Returns message and error as one phrase. */
        public String words() {
            return error.isEmpty() ? message : message.isEmpty() ? error : message + ": " + error;
        }
    }

    private PrometheusLog() {}

    /** Returns what the line says; empty where it isn't one of Prometheus's log. */
    public static Optional<Entry> parse(String line) {
        String level = "";
        String message = "";
        String error = "";
        Matcher matcher = (line.startsWith("{") ? JSON : TEXT).matcher(line);
        while (matcher.find()) {
            String value = unquoted(matcher.group(2));
            switch (matcher.group(1)) {
                case "level" -> level = value.toLowerCase(Locale.ROOT);
                case "msg" -> message = value;
                default -> error = value;
            }
        }
        return level.isEmpty() ? Optional.empty() : Optional.of(new Entry(level, message, error));
    }

    /**
     * Returns why a process ended, in its own words: the last error that it logged, else the last line that isn't of
     * the log (what a wrong flag leads to), else nothing.
     */
    public static Optional<String> cause(List<String> lines) {
        return lines.stream()
                .flatMap(line -> parse(line).stream())
                .filter(entry -> entry.level().equals("error"))
                .reduce((earlier, later) -> later)
                .map(entry -> shown(entry.words()))
                .or(() -> plain(lines));
    }

    /**
     * Returns whether a process with this {@link #cause} ended since it refused its configuration. Source:
     * cmd/prometheus/main.go, "Error loading config", "Error loading dynamic scrape config files from config" and the
     * like; for what only shows when it is applied, "one or more errors occurred while applying the new configuration".
     */
    public static boolean isRefusal(String cause) {
        String lower = cause.toLowerCase(Locale.ROOT);
        return lower.contains("error loading ")
                || lower.contains("one or more errors occurred while applying the new configuration");
    }

    private static Optional<String> plain(List<String> lines) {
        return lines.stream()
                .filter(line -> !line.isBlank() && parse(line).isEmpty())
                .reduce((earlier, later) -> later)
                .map(PrometheusLog::shown);
    }

    /** Returns the text without control characters, shortened, for a message on one line. */
    static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(SHOWN)
                .forEach(c -> shown.appendCodePoint(
                        Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c));
        return shown.toString().strip();
    }

    private static String unquoted(String value) {
        if (value.length() < 2 || value.charAt(0) != '"') {
            return value;
        }
        StringBuilder text = new StringBuilder(value.length());
        for (int i = 1; i < value.length() - 1; i++) {
            char c = value.charAt(i);
            if (c == '\\' && i + 1 < value.length() - 1) {
                c = switch (value.charAt(++i)) {
                    case 'n', 'r', 't' -> ' ';
                    default -> value.charAt(i);
                };
            }
            text.append(c);
        }
        return text.toString();
    }
}

package io.narthex.rollout.process;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** Makes what Prometheus says fit for users: without its own file's long path and prefixes that say nothing. */
final class Messages {

    private static final Pattern PREFIX = Pattern.compile(
            "(?i)^(?:error loading [^(:]*|couldn't load configuration )(?:\\(--config\\.file=[^)]*\\))?: ");

    private Messages() {}

    static String shortened(String message, Path folder) {
        String text = PREFIX.matcher(message).replaceFirst("").replace(folder + "/", "");
        return text.strip();
    }
}

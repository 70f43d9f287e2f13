package io.narthex.cli.operator;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** How much is logged by a command that runs on. */
final class Logs {

    private Logs() {}

    /** Has Narthex log what happens, or {@code each} step. */
    static void show(boolean each) {
        if (LoggerFactory.getLogger("io.narthex") instanceof Logger logger) {
            logger.setLevel(each ? Level.DEBUG : Level.INFO);
        }
    }
}

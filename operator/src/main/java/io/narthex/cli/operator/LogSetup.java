package io.narthex.cli.operator;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ConfiguratorRank;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.spi.ContextAwareBase;
import io.narthex.rollout.RolloutLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sets up logging when the first logger is asked for: to standard error, and off unless {@code -v} turns it on, since
 * what users are to know is said by the commands themselves. Found by Logback through {@code META-INF/services}.
 */
@ConfiguratorRank(ConfiguratorRank.CUSTOM_HIGH_PRIORITY)
public final class LogSetup extends ContextAwareBase implements Configurator {

    private static final Logger LOG = LoggerFactory.getLogger(LogSetup.class);

    /** For the service loader. */
    public LogSetup() {}

    @Override
    public ExecutionStatus configure(LoggerContext loggers) {
        PatternLayoutEncoder encoder = new PatternLayoutEncoder();
        encoder.setPattern("%d{HH:mm:ss.SSS} %-5level %logger{20} [%X{" + RolloutLoop.MARKER + ":--}] %msg%n");
        write(loggers, encoder);
        loggers.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Has every line from now on be a JSON object, for those who collect logs; also where a thread ends by a bug. */
    static void json() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext loggers) {
            write(loggers, objects());
            Thread.setDefaultUncaughtExceptionHandler(
                    (thread, bug) -> LOG.error("The thread {} ended by a bug of Narthex", thread.getName(), bug));
        }
    }

    /** Returns what makes one object a line of an event; the marker stands among the fields of {@code mdc}. */
    static EncoderBase<ILoggingEvent> objects() {
        JsonEncoder encoder = new JsonEncoder();
        encoder.setWithContext(false);
        encoder.setWithSequenceNumber(false);
        encoder.setWithFormattedMessage(true);
        encoder.setWithMessage(false);
        encoder.setWithArguments(false);
        return encoder;
    }

    private static void write(LoggerContext loggers, EncoderBase<ILoggingEvent> encoder) {
        encoder.setContext(loggers);
        encoder.start();
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(loggers);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        var root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.addAppender(appender);
    }
}

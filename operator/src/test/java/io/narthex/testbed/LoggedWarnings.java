package io.narthex.testbed;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/** Notes what a class warns of, from the making to the closing. */
public final class LoggedWarnings implements AutoCloseable {

    private final Logger logger;
    private final List<String> texts = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            texts.add(event.getFormattedMessage());
        }
    };

    private LoggedWarnings(Logger logger) {
        this.logger = logger;
    }

    /** Begins to note. */
    public static LoggedWarnings of(Class<?> by) {
        LoggedWarnings noted = new LoggedWarnings((Logger) LoggerFactory.getLogger(by));
        noted.appender.start();
        // Off unless a command turns it on.
        noted.logger.setLevel(Level.WARN);
        noted.logger.setAdditive(false);
        noted.logger.addAppender(noted.appender);
        return noted;
    }

    /** Returns what it warned of so far. */
    public List<String> texts() {
        return List.copyOf(texts);
    }

    @Override
    public void close() {
        logger.detachAppender(appender);
        logger.setAdditive(true);
        logger.setLevel(null);
    }
}

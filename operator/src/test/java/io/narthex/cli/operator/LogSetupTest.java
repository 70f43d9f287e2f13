package io.narthex.cli.operator;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.narthex.compiler.model.SecretValue;
import io.narthex.rollout.RolloutLoop;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.MDC;

/** A log that programs read: each line is one JSON object, whatever is in the message. */
class LogSetupTest {

    private static final ObjectReader STRICT =
            new ObjectMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final LoggerContext loggers = new LoggerContext();
    private Logger log;

    @BeforeEach
    void begin() {
        loggers.setMDCAdapter(MDC.getMDCAdapter());
        EncoderBase<ILoggingEvent> encoder = LogSetup.objects();
        encoder.setContext(loggers);
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(loggers);
        appender.setEncoder(encoder);
        appender.setOutputStream(out);
        appender.start();
        loggers.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
        log = loggers.getLogger("io.narthex.rollout");
    }

    @AfterEach
    void end() {
        MDC.clear();
        loggers.stop();
    }

    private List<JsonNode> lines() throws IOException {
        String text = out.toString(StandardCharsets.UTF_8);
        assertThat(text).endsWith("\n");
        List<JsonNode> objects = new ArrayList<>();
        for (String line : text.substring(0, text.length() - 1).split("\n", -1)) {
            JsonNode object = STRICT.readTree(line);
            assertThat(object.isObject()).as(line).isTrue();
            objects.add(object);
        }
        return objects;
    }

    @Test
    void aLineSaysWhenHowBadAndAboutWhichServer() throws Exception {
        MDC.put(RolloutLoop.MARKER, "shop/main");
        log.warn("{} can't be read: {}", "Monitor shop/web", "spec.endpoints");
        MDC.clear();
        log.info("Watching {} resources", 3);

        List<JsonNode> lines = lines();
        assertThat(lines).hasSize(2);
        JsonNode first = lines.getFirst();
        assertThat(first.path("level").asText()).isEqualTo("WARN");
        assertThat(first.path("loggerName").asText()).isEqualTo("io.narthex.rollout");
        assertThat(first.path("formattedMessage").asText()).isEqualTo("Monitor shop/web can't be read: spec.endpoints");
        assertThat(first.path("mdc").path("server").asText()).isEqualTo("shop/main");
        assertThat(first.path("timestamp").asLong())
                .as("milliseconds, whatever becomes of the machine's clock meanwhile")
                .isBetween(1_500_000_000_000L, 9_999_999_999_999L);
        assertThat(lines.get(1).path("mdc").has("server")).isFalse();
    }

    /** What users write reaches messages, also what looks like the next line. */
    @Test
    void aMessageOfSeveralLinesIsOneLine() throws Exception {
        String hostile =
                "parse error\r\n{\"level\":\"INFO\",\"formattedMessage\":\"all is well\"}\n\"\\\u0000\u2028\u001b[31m \uD83D\uDE00";
        log.warn("{}", hostile);
        List<JsonNode> lines = lines();
        assertThat(lines).singleElement().satisfies(line -> {
            assertThat(line.path("formattedMessage").asText()).isEqualTo(hostile);
            assertThat(line.path("level").asText()).isEqualTo("WARN");
        });
    }

    @Test
    void anExceptionStandsInsideTheObject() throws Exception {
        log.error("{} failed", "shop/main", new IllegalStateException("one\ntwo", new IOException("at\nthe bottom")));
        List<JsonNode> lines = lines();
        assertThat(lines).hasSize(1);
        JsonNode thrown = lines.getFirst().path("throwable");
        assertThat(thrown.path("className").asText()).isEqualTo("java.lang.IllegalStateException");
        assertThat(thrown.path("message").asText()).isEqualTo("one\ntwo");
        assertThat(thrown.path("stepArray").isEmpty()).isFalse();
        assertThat(thrown.path("cause").path("message").asText()).isEqualTo("at\nthe bottom");
    }

    /** A credential that gets into a message by mistake doesn't say what it is, nor do its raw arguments. */
    @Test
    void aCredentialIsNotWritten() throws Exception {
        log.warn("{} was read", SecretValue.of("hunter2"));
        assertThat(lines()).hasSize(1);
        assertThat(out.toString(StandardCharsets.UTF_8))
                .doesNotContain("hunter2")
                .doesNotContain("aHVudGVyMg");
    }
}

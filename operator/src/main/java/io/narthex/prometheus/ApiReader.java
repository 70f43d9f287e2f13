package io.narthex.prometheus;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the envelope of the HTTP API's answers (Prometheus documentation, "HTTP API", "Format overview") as a stream,
 * and leaves what it encloses to a {@link DataReader}.
 */
final class ApiReader {

    /** The loaded configuration is one string. */
    private static final int STRING_CHARACTERS = 256 * 1024 * 1024;

    /** The tree of an expression nests once for each operator of a long sum, at most some 8,000 in one of 16 KiB. */
    private static final int NESTING = 20_000;

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(STRING_CHARACTERS)
                    .maxNestingDepth(NESTING)
                    .build())
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .build();

    /** Reads the value of {@code data}, at whose first token the parser stands, up to its last token. */
    @FunctionalInterface
    interface DataReader<T> {
        T read(JsonParser json) throws IOException;
    }

    /** Reads the value of a field, at whose first token the parser stands; a field that isn't read is skipped. */
    @FunctionalInterface
    interface FieldReader {
        void read(String name, JsonParser json) throws IOException;
    }

    /** What came isn't what Prometheus answers. */
    static final class Unexpected extends IOException {
        private static final long serialVersionUID = 1;

        Unexpected(String message) {
            super(message);
        }
    }

    private ApiReader() {}

    /** Returns a body reader for an answer whose data {@code reader} reads. */
    static <T> Transport.BodyReader<T> of(DataReader<T> reader) {
        return body -> {
            try {
                return new Answer.Ok<>(read(body, reader));
            } catch (JsonProcessingException | Unexpected e) {
                String words = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
                return new Answer.Unintelligible<>(
                        "not an answer of Prometheus's HTTP API: " + Transport.oneLine(String.valueOf(words)));
            }
        };
    }

    private static <T> T read(InputStream body, DataReader<T> reader) throws IOException {
        try (JsonParser json = JSON.createParser(body)) {
            json.nextToken();
            Holder<T> data = new Holder<>();
            Holder<String> status = new Holder<>();
            fields(json, (name, value) -> {
                switch (name) {
                    case "status" -> status.value = value.getText();
                    case "data" -> data.value = reader.read(value);
                    default -> value.skipChildren();
                }
            });
            if (data.value == null || !"success".equals(status.value)) {
                throw new Unexpected("no data in it");
            }
            return data.value;
        }
    }

    private static final class Holder<T> {
        @Nullable
        T value;
    }

    /** Reads the fields of the object at whose start the parser stands. */
    static void fields(JsonParser json, FieldReader reader) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new Unexpected("an object expected");
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            reader.read(name, json);
        }
    }

    /** Reads the elements of the array at whose start the parser stands; {@code null} counts as empty, as Go writes. */
    static void elements(JsonParser json, ElementReader reader) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return;
        }
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw new Unexpected("an array expected");
        }
        while (json.nextToken() != JsonToken.END_ARRAY) {
            reader.read(json);
        }
    }

    /** Returns how many elements the array at whose start the parser stands has. */
    static int count(JsonParser json) throws IOException {
        int[] count = new int[1];
        elements(json, element -> {
            element.skipChildren();
            count[0]++;
        });
        return count[0];
    }

    /** Reads an element of an array, at whose first token the parser stands. */
    @FunctionalInterface
    interface ElementReader {
        void read(JsonParser json) throws IOException;
    }

    /** Returns the text at which the parser stands; empty for null. */
    static String text(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return "";
        }
        if (!json.currentToken().isScalarValue()) {
            throw new Unexpected("a text expected");
        }
        return json.getText();
    }

    /** Returns the number at which the parser stands. */
    static double number(JsonParser json) throws IOException {
        if (!json.currentToken().isNumeric()) {
            throw new Unexpected("a number expected");
        }
        return json.getDoubleValue();
    }

    /** Returns the seconds at which the parser stands. */
    static Duration seconds(JsonParser json) throws IOException {
        double seconds = number(json);
        return Double.isFinite(seconds) && Math.abs(seconds) < 1e9
                ? Duration.ofNanos(Math.round(seconds * 1e9))
                : Duration.ZERO;
    }

    /** Returns the time at which the parser stands; empty for Go's zero time, which means never. */
    static Optional<Instant> time(JsonParser json) throws IOException {
        try {
            Instant time = OffsetDateTime.parse(text(json)).toInstant();
            return time.getEpochSecond() <= 0 ? Optional.empty() : Optional.of(time);
        } catch (DateTimeException e) {
            throw new Unexpected("a time expected");
        }
    }

    /** Returns the error in an answer of status "error"; empty where the text is no such answer. */
    static Optional<String> error(String body) {
        if (!body.startsWith("{")) {
            return Optional.empty();
        }
        try (JsonParser json = JSON.createParser(body)) {
            json.nextToken();
            Holder<String> error = new Holder<>();
            fields(json, (name, value) -> {
                if (name.equals("error")) {
                    error.value = value.getText();
                } else {
                    value.skipChildren();
                }
            });
            return Optional.ofNullable(error.value);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}

package io.narthex.prometheus;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalDouble;

/** Picks a few metrics out of the text exposition format, and reads no further than to the last of them. */
final class MetricsReader implements Transport.BodyReader<ReloadState> {

    private static final String SUCCESSFUL = "prometheus_config_last_reload_successful";
    private static final String SUCCESS_TIME = "prometheus_config_last_reload_success_timestamp_seconds";
    private static final String START_TIME = "process_start_time_seconds";

    /** A line beyond this isn't one that is looked for. */
    private static final int LINE_CHARACTERS = 512;

    private OptionalDouble successful = OptionalDouble.empty();
    private OptionalDouble successTime = OptionalDouble.empty();
    private OptionalDouble startTime = OptionalDouble.empty();

    @Override
    public Answer<ReloadState> read(InputStream body) throws IOException {
        try (BufferedReader text = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8), 32 * 1024)) {
            StringBuilder line = new StringBuilder(LINE_CHARACTERS);
            // The metrics come sorted by name, so the process's stands before the others.
            while ((successful.isEmpty() || successTime.isEmpty()) && nextLine(text, line)) {
                if (line.length() > START_TIME.length() && line.charAt(0) == 'p') {
                    metric(line.toString());
                }
            }
        } catch (ApiReader.Unexpected e) {
            return new Answer.Unintelligible<>("/metrics isn't in the text exposition format");
        }
        if (successful.isEmpty()) {
            return new Answer.Unintelligible<>("/metrics has no " + SUCCESSFUL + ": not the metrics of a Prometheus");
        }
        return new Answer.Ok<>(new ReloadState(successful.getAsDouble() == 1, time(successTime), time(startTime)));
    }

    /** Reads up to the next line end, keeping the first few characters; returns false at the end of the text. */
    private static boolean nextLine(BufferedReader text, StringBuilder line) throws IOException {
        line.setLength(0);
        int c = text.read();
        if (c < 0) {
            return false;
        }
        for (; c >= 0 && c != '\n'; c = text.read()) {
            if (line.length() < LINE_CHARACTERS) {
                line.append((char) c);
            }
        }
        return true;
    }

    private void metric(String line) throws ApiReader.Unexpected {
        int space = line.indexOf(' ');
        if (space < 0) {
            return;
        }
        switch (line.substring(0, space)) {
            case SUCCESSFUL -> successful = value(line, space);
            case SUCCESS_TIME -> successTime = value(line, space);
            case START_TIME -> startTime = value(line, space);
            default -> {}
        }
    }

    private static OptionalDouble value(String line, int space) throws ApiReader.Unexpected {
        return OptionalDouble.of(Floats.parse(line.substring(space + 1).strip()));
    }

    private static Optional<Instant> time(OptionalDouble seconds) {
        double value = seconds.orElse(0);
        return value > 0 && value < 1e11
                ? Optional.of(Instant.ofEpochMilli(Math.round(value * 1000)))
                : Optional.empty();
    }
}

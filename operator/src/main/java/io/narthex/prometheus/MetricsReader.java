package io.narthex.prometheus;

import java.io.IOException;
import java.io.InputStream;
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
    private static final int LINE_BYTES = 512;

    /** In place of the length of a line that begins otherwise. */
    private static final int OTHER = -1;

    private OptionalDouble successful = OptionalDouble.empty();
    private OptionalDouble successTime = OptionalDouble.empty();
    private OptionalDouble startTime = OptionalDouble.empty();

    @Override
    public Answer<ReloadState> read(InputStream body) throws IOException {
        try {
            byte[] buffer = new byte[32 * 1024];
            byte[] line = new byte[LINE_BYTES];
            int length = 0;
            // The metrics come sorted by name, so the process's stands before the others. Before them stand several of
            // each
            // scrape job, which are many megabytes at some thousand jobs: so bytes are looked at, and of few lines the
            // rest.
            for (int read = body.read(buffer); read >= 0 && !isComplete(); read = body.read(buffer)) {
                for (int i = 0; i < read && !isComplete(); i++) {
                    byte b = buffer[i];
                    if (b == '\n') {
                        if (length > START_TIME.length()) {
                            metric(new String(line, 0, Math.min(length, LINE_BYTES), StandardCharsets.UTF_8));
                        }
                        length = 0;
                    } else if (length == 0 && b != 'p') {
                        length = OTHER;
                    } else if (length >= 0 && length < LINE_BYTES) {
                        line[length++] = b;
                    }
                }
            }
            if (length > START_TIME.length()) {
                metric(new String(line, 0, length, StandardCharsets.UTF_8));
            }
        } catch (ApiReader.Unexpected e) {
            return new Answer.Unintelligible<>("/metrics isn't in the text exposition format");
        }
        if (successful.isEmpty()) {
            return new Answer.Unintelligible<>("/metrics has no " + SUCCESSFUL + ": not the metrics of a Prometheus");
        }
        return new Answer.Ok<>(new ReloadState(successful.getAsDouble() == 1, time(successTime), time(startTime)));
    }

    private boolean isComplete() {
        return successful.isPresent() && successTime.isPresent();
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

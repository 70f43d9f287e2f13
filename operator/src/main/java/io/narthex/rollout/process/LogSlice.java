package io.narthex.rollout.process;

import io.narthex.process.PrometheusLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What Prometheus logs from one moment on. */
final class LogSlice {

    private static final int MOST = 256 * 1024;
    private static final String REFUSED = "Error reloading config";
    private static final String PART_REFUSED = "Failed to apply configuration";

    private final Path log;
    private final long from;

    /** Begins at the log's present end. */
    LogSlice(Path log) {
        this.log = log;
        from = size();
    }

    private long size() {
        try {
            return Files.size(log);
        } catch (IOException e) {
            return 0;
        }
    }

    /** Returns why a reload was refused, as far as that is logged by now. */
    Optional<String> refusal() {
        List<PrometheusLog.Entry> errors = read().lines()
                .flatMap(line -> PrometheusLog.parse(line).stream())
                .filter(entry -> entry.level().equals("error"))
                .toList();
        Optional<PrometheusLog.Entry> end =
                errors.stream().filter(e -> e.message().contains(REFUSED)).findFirst();
        Optional<PrometheusLog.Entry> part =
                errors.stream().filter(e -> e.message().contains(PART_REFUSED)).findFirst();
        return end.map(e -> part.orElse(e)).map(e -> e.error().isEmpty() ? e.message() : e.error());
    }

    private String read() {
        try (SeekableByteChannel channel = Files.newByteChannel(log)) {
            if (channel.size() < from) {
                return "";
            }
            channel.position(from);
            ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(MOST, channel.size() - from));
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                // Until all is read.
            }
            return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}

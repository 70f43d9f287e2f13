package io.narthex.prometheus;

/**
 * How far the replay of the write-ahead log is ({@code /api/v1/status/walreplay}), in segments of the log.
 *
 * @param min the first segment to read
 * @param max the last segment to read
 * @param current the segment that is read
 */
public record WalReplay(long min, long max, long current) {

    /** Returns which part is read, from 0 to 100. */
    public int percent() {
        long segments = max - min + 1;
        long read = current - min;
        return segments <= 0 || read <= 0 ? 0 : (int) Math.min(100, 100 * read / segments);
    }
}

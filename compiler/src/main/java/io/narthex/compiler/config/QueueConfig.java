package io.narthex.compiler.config;

import io.narthex.compiler.config.value.PrometheusDuration;
import org.jspecify.annotations.Nullable;

/**
 * The queue of remote write ("queue_config" of the Prometheus documentation).
 *
 * @param capacity how many samples a shard holds
 * @param maxShards the most shards, above 0
 * @param minShards the fewest shards, above 0
 * @param maxSamplesPerSend the most samples of a request, above 0
 * @param batchSendDeadline how long a sample waits for others
 * @param minBackoff the first pause before a repetition
 * @param maxBackoff the longest pause before a repetition
 * @param retryOnHttp429 whether a request is repeated after status 429
 * @param sampleAgeLimit older samples are dropped; from 2.50 on
 */
public record QueueConfig(
        @Nullable Long capacity,
        @Nullable Long maxShards,
        @Nullable Long minShards,
        @Nullable Long maxSamplesPerSend,
        @Nullable PrometheusDuration batchSendDeadline,
        @Nullable PrometheusDuration minBackoff,
        @Nullable PrometheusDuration maxBackoff,
        @Nullable Boolean retryOnHttp429,
        @Nullable PrometheusDuration sampleAgeLimit)
        implements Part {

    /** Returns a builder with nothing set. */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.QUEUE_CAPACITY, capacity);
        out.write(ConfigField.QUEUE_MAX_SHARDS, maxShards);
        out.write(ConfigField.QUEUE_MIN_SHARDS, minShards);
        out.write(ConfigField.QUEUE_MAX_SAMPLES_PER_SEND, maxSamplesPerSend);
        out.write(ConfigField.QUEUE_BATCH_SEND_DEADLINE, batchSendDeadline);
        out.write(ConfigField.QUEUE_MIN_BACKOFF, minBackoff);
        out.write(ConfigField.QUEUE_MAX_BACKOFF, maxBackoff);
        out.write(ConfigField.QUEUE_RETRY_ON_HTTP_429, retryOnHttp429);
        out.write(ConfigField.QUEUE_SAMPLE_AGE_LIMIT, sampleAgeLimit);
    }

    /** Gathers the components of a {@link QueueConfig}. */
    public static final class Builder {

        private @Nullable Long capacity;
        private @Nullable Long maxShards;
        private @Nullable Long minShards;
        private @Nullable Long maxSamplesPerSend;
        private @Nullable PrometheusDuration batchSendDeadline;
        private @Nullable PrometheusDuration minBackoff;
        private @Nullable PrometheusDuration maxBackoff;
        private @Nullable Boolean retryOnHttp429;
        private @Nullable PrometheusDuration sampleAgeLimit;

        private Builder() {}

        /** Sets how many samples a shard holds. */
        public Builder capacity(@Nullable Long capacity) {
            this.capacity = capacity;
            return this;
        }

        /** Sets the most shards, above 0. */
        public Builder maxShards(@Nullable Long maxShards) {
            this.maxShards = maxShards;
            return this;
        }

        /** Sets the fewest shards, above 0. */
        public Builder minShards(@Nullable Long minShards) {
            this.minShards = minShards;
            return this;
        }

        /** Sets the most samples of a request, above 0. */
        public Builder maxSamplesPerSend(@Nullable Long maxSamplesPerSend) {
            this.maxSamplesPerSend = maxSamplesPerSend;
            return this;
        }

        /** Sets how long a sample waits for others. */
        public Builder batchSendDeadline(@Nullable PrometheusDuration batchSendDeadline) {
            this.batchSendDeadline = batchSendDeadline;
            return this;
        }

        /** Sets the first pause before a repetition. */
        public Builder minBackoff(@Nullable PrometheusDuration minBackoff) {
            this.minBackoff = minBackoff;
            return this;
        }

        /** Sets the longest pause before a repetition. */
        public Builder maxBackoff(@Nullable PrometheusDuration maxBackoff) {
            this.maxBackoff = maxBackoff;
            return this;
        }

        /** Sets whether a request is repeated after status 429. */
        public Builder retryOnHttp429(@Nullable Boolean retryOnHttp429) {
            this.retryOnHttp429 = retryOnHttp429;
            return this;
        }

        /** Sets older samples are dropped. */
        public Builder sampleAgeLimit(@Nullable PrometheusDuration sampleAgeLimit) {
            this.sampleAgeLimit = sampleAgeLimit;
            return this;
        }

        /** Returns the whole. */
        public QueueConfig build() {
            return new QueueConfig(
                    capacity,
                    maxShards,
                    minShards,
                    maxSamplesPerSend,
                    batchSendDeadline,
                    minBackoff,
                    maxBackoff,
                    retryOnHttp429,
                    sampleAgeLimit);
        }
    }
}

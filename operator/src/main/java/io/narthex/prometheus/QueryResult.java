package io.narthex.prometheus;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an instant query found: a vector, or a scalar as one sample without labels.
 *
 * @param samples the samples, in Prometheus's order
 * @param histograms how many native histograms there were besides, which aren't read
 */
public record QueryResult(List<Sample> samples, int histograms) {

    public QueryResult {
        samples = List.copyOf(samples);
    }

    /**
     * One sample.
     *
     * @param labels the series' labels, {@code __name__} among them
     * @param time the query's time
     * @param value the value; may be infinite or not a number
     */
    public record Sample(Map<String, String> labels, Instant time, double value) {

        public Sample {
            labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        }
    }
}

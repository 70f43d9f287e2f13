package io.narthex.prometheus;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads the result of an instant query (Prometheus documentation, "HTTP API", "Expression query result formats"). */
final class QueryReader implements ApiReader.DataReader<QueryResult> {

    private final List<QueryResult.Sample> samples = new ArrayList<>();
    private int histograms;

    @Override
    public QueryResult read(JsonParser data) throws IOException {
        String[] type = {""};
        ApiReader.fields(data, (name, json) -> {
            switch (name) {
                case "resultType" -> type[0] = ApiReader.text(json);
                case "result" -> {
                    // The type stands before the result: both are fields of one Go struct.
                    switch (type[0]) {
                        case "vector" -> ApiReader.elements(json, this::sample);
                        case "scalar" -> value(Map.of(), json);
                        default -> throw new ApiReader.Unexpected("a vector or a scalar expected, not " + type[0]);
                    }
                }
                default -> json.skipChildren();
            }
        });
        return new QueryResult(samples, histograms);
    }

    private void sample(JsonParser sample) throws IOException {
        Map<String, String> labels = new HashMap<>();
        ApiReader.fields(sample, (name, json) -> {
            switch (name) {
                case "metric" -> ApiReader.fields(json, (label, text) -> labels.put(label, ApiReader.text(text)));
                case "value" -> value(labels, json);
                case "histogram" -> {
                    histograms++;
                    json.skipChildren();
                }
                default -> json.skipChildren();
            }
        });
    }

    private void value(Map<String, String> labels, JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_ARRAY) {
            throw new ApiReader.Unexpected("a pair of time and value expected");
        }
        json.nextToken();
        Instant time = Instant.ofEpochMilli(Math.round(ApiReader.number(json) * 1000));
        json.nextToken();
        double value = Floats.parse(ApiReader.text(json));
        if (json.nextToken() != JsonToken.END_ARRAY) {
            throw new ApiReader.Unexpected("a pair of time and value expected");
        }
        samples.add(new QueryResult.Sample(labels, time, value));
    }
}

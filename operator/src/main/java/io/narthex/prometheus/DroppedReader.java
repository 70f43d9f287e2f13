package io.narthex.prometheus;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts the targets that relabeling dropped, by scrape pool. */
final class DroppedReader implements ApiReader.DataReader<SortedMap<String, Integer>> {

    private final SortedMap<String, Integer> listed = new TreeMap<>();
    private final SortedMap<String, Integer> told = new TreeMap<>();

    @Override
    public SortedMap<String, Integer> read(JsonParser data) throws IOException {
        ApiReader.fields(data, (name, json) -> {
            switch (name) {
                case "droppedTargets" -> ApiReader.elements(json, this::target);
                case "droppedTargetCounts" -> {
                    if (json.currentToken() != JsonToken.VALUE_NULL) {
                        ApiReader.fields(json, (pool, count) -> {
                            if (ApiReader.number(count) > 0) {
                                told.put(pool, (int) ApiReader.number(count));
                            }
                        });
                    }
                }
                default -> json.skipChildren();
            }
        });
        // keep_dropped_targets limits the list, not the counts; releases before 2.48 have the list only, or no scrape
        // pool in it.
        return told.isEmpty() ? listed : told;
    }

    private void target(JsonParser target) throws IOException {
        String[] pool = {""};
        ApiReader.fields(target, (name, json) -> {
            switch (name) {
                case "scrapePool" -> pool[0] = ApiReader.text(json);
                case "discoveredLabels" ->
                    ApiReader.fields(json, (label, value) -> {
                        if (label.equals("job") && pool[0].isEmpty()) {
                            pool[0] = ApiReader.text(value);
                        }
                    });
                default -> json.skipChildren();
            }
        });
        listed.merge(pool[0], 1, Integer::sum);
    }
}

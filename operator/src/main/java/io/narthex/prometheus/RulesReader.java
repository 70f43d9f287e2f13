package io.narthex.prometheus;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Folds the rules into one entry a group, with those that failed. */
final class RulesReader implements ApiReader.DataReader<RuleReport> {

    /** Of a group, more failed rules aren't told of one by one. */
    private static final int FAILED_PER_GROUP = 100;

    private final List<RuleReport.Group> groups = new ArrayList<>();

    @Override
    public RuleReport read(JsonParser data) throws IOException {
        ApiReader.fields(data, (name, json) -> {
            if (name.equals("groups")) {
                ApiReader.elements(json, this::group);
            } else {
                json.skipChildren();
            }
        });
        return new RuleReport(groups);
    }

    private void group(JsonParser group) throws IOException {
        Building building = new Building();
        ApiReader.fields(group, (name, json) -> {
            switch (name) {
                case "name" -> building.name = ApiReader.text(json);
                case "file" -> building.file = ApiReader.text(json);
                case "interval" -> building.interval = ApiReader.seconds(json);
                case "lastEvaluation" -> building.lastEvaluation = ApiReader.time(json);
                case "evaluationTime" -> building.evaluationTime = ApiReader.seconds(json);
                case "rules" -> ApiReader.elements(json, building::rule);
                default -> json.skipChildren();
            }
        });
        groups.add(new RuleReport.Group(
                building.name,
                building.file,
                building.interval,
                building.lastEvaluation,
                building.evaluationTime,
                building.rules,
                building.firing,
                building.failed));
    }

    private static final class Building {
        String name = "";
        String file = "";
        Duration interval = Duration.ZERO;
        Optional<Instant> lastEvaluation = Optional.empty();
        Duration evaluationTime = Duration.ZERO;
        int rules;
        int firing;
        final List<RuleReport.Failed> failed = new ArrayList<>();

        void rule(JsonParser rule) throws IOException {
            String[] text = {"", "", "", ""};
            ApiReader.fields(rule, (field, json) -> {
                switch (field) {
                    case "name" -> text[0] = ApiReader.text(json);
                    case "lastError" -> text[1] = ApiReader.text(json);
                    case "health" -> text[2] = ApiReader.text(json);
                    case "state" -> text[3] = ApiReader.text(json);
                    default -> json.skipChildren();
                }
            });
            rules++;
            if (text[3].equals("firing")) {
                firing++;
            }
            if ((text[2].equals("err") || !text[1].isEmpty()) && failed.size() < FAILED_PER_GROUP) {
                failed.add(new RuleReport.Failed(text[0], text[1]));
            }
        }
    }
}

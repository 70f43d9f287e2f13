package io.narthex.compiler.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.compiler.yaml.RuleTwins.Breach;
import io.narthex.compiler.yaml.RuleTwins.Twin;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The twins of the CEL rules in the definitions of PrometheusServer, Monitor and RuleSet. */
final class OwnRules {

    /** A field, or what counts as one, in a choice between fields. */
    private record Choice(String field, Predicate<JsonNode> made) {}

    private static final Pattern SERVER_NAME = Pattern.compile("[a-z](?:[a-z0-9-]*[a-z0-9])?");

    private final Map<String, Twin> twins = new LinkedHashMap<>();

    private OwnRules() {
        choices();
        conditions();
        relabeling();
        rules();
        names();
    }

    static RuleTwins twins() {
        return new RuleTwins(new OwnRules().twins);
    }

    /** Returns how many rules there are. */
    static int count() {
        return new OwnRules().twins.size();
    }

    private void choices() {
        exactlyOne("service", "dns", choice("targets", self -> filled(self, "targets")));
        exactlyOne("selector", "api", choice("services", self -> filled(self, "services")));
        exactlyOne("basic", "authorization", "oauth2", "sigv4");
        exactlyOne("basic", "authorization", "oauth2");
        exactlyOne("managedIdentity", "workloadIdentity", "sdk");
        exactlyOne("secretRef", "configMapRef", "file");
        exactlyOne("basic", "authorization", "oauth2", "sigv4", "azureAd", "googleIam");
        exactlyOne(
                "service", "pod", "node", "ingress", "static", "dns", "http", "file", "swarm", "docker", "consul",
                "ec2", "gce", "azure", "other");
        either("username", "usernameFrom");
        either("secretRef", "file");
        either("value", "valueFrom");
        either("clientSecret", "jwtBearer");
        either("alert", "record");
        put(
                "has(self.url) != (has(self.fromEnvironment) && self.fromEnvironment)",
                one(List.of(choice("url"), choice("fromEnvironment", self -> is(self, "fromEnvironment")))));
        put(
                "[has(self.size) || has(self.storageClass), has(self.existingClaim), has(self.emptyDir), has(self.volume)].filter(x, x).size() <= 1",
                self -> second(
                        self,
                        List.of(
                                choice("size", it -> has(it, "size") || has(it, "storageClass")),
                                choice("existingClaim"),
                                choice("emptyDir"),
                                choice("volume"))));
    }

    private void conditions() {
        put(
                "(!has(self.type) || self.type == 'SRV') != has(self.port)",
                self -> !has(self, "type") || text(self, "type").equals("SRV")
                        ? unless(
                                !has(self, "port"),
                                "port",
                                "port with SRV records, which have a port of their own",
                                "delete port, or set type to A or AAAA")
                        : unless(
                                has(self, "port"),
                                "type",
                                text(self, "type") + " records have no port, and port is missing",
                                "add port"));
        put(
                "(self.operator in ['In', 'NotIn']) == (has(self.values) && self.values.size() > 0)",
                self -> in(self, "operator", "In", "NotIn")
                        ? unless(
                                filled(self, "values"),
                                "operator",
                                text(self, "operator") + " needs values",
                                "add values, or use Exists or DoesNotExist")
                        : unless(
                                !filled(self, "values"),
                                "values",
                                text(self, "operator") + " takes no values",
                                "delete values, or use In or NotIn"));
        put(
                "!(has(self.all) && self.all && has(self.names) && self.names.size() > 0)",
                self -> unless(
                        !(is(self, "all") && filled(self, "names")),
                        "names",
                        "names has no meaning with all: true",
                        "delete one of the two"));
        put(
                "!has(self.promoteResourceAttributes) || !(has(self.promoteAllResourceAttributes) && self.promoteAllResourceAttributes)",
                self -> unless(
                        !has(self, "promoteResourceAttributes") || !is(self, "promoteAllResourceAttributes"),
                        "promoteResourceAttributes",
                        "promoteResourceAttributes has no meaning with promoteAllResourceAttributes: true",
                        "delete one of the two"));
        needs(
                "!has(self.ignoreResourceAttributes) || (has(self.promoteAllResourceAttributes) && self.promoteAllResourceAttributes)",
                self -> !has(self, "ignoreResourceAttributes") || is(self, "promoteAllResourceAttributes"),
                "ignoreResourceAttributes",
                "promoteAllResourceAttributes: true");
        put(
                "(has(self.mode) && self.mode == 'External') == has(self.external)",
                self -> has(self, "external")
                        ? unless(
                                text(self, "mode").equals("External"),
                                "external",
                                "external has no meaning unless mode is External",
                                "set mode: External, or delete external")
                        : unless(
                                !text(self, "mode").equals("External"),
                                "mode",
                                "mode External needs external, which says where the server is",
                                "add external"));
        put(
                "!has(self.agent) || !(has(self.alertmanagers) || has(self.remoteRead) || has(self.retention) || has(self.ruleSets) || has(self.rules))",
                self -> has(self, "agent")
                        ? none(
                                self,
                                "an agent stores nothing and evaluates no rules",
                                "alertmanagers",
                                "remoteRead",
                                "retention",
                                "ruleSets",
                                "rules")
                        : Optional.empty());
        needs(
                "!has(self.noProxy) || has(self.url)",
                self -> !has(self, "noProxy") || has(self, "url"),
                "noProxy",
                "url");
        put(
                "has(self.cert) == has(self.key)",
                self -> unless(
                        has(self, "cert") == has(self, "key"),
                        has(self, "cert") ? "cert" : "key",
                        has(self, "cert") ? "cert without its key" : "key without its cert",
                        has(self, "cert") ? "add key" : "add cert"));
        needs(
                "!(has(self.clientAuth) && self.clientAuth in ['VerifyClientCertIfGiven', 'RequireAndVerifyClientCert']) || has(self.clientCa)",
                self -> !in(self, "clientAuth", "VerifyClientCertIfGiven", "RequireAndVerifyClientCert")
                        || has(self, "clientCa"),
                "clientAuth",
                "clientCa");
        put(
                "(has(self.targets) && self.targets.size() > 0) || (has(self.groups) && self.groups.size() > 0)",
                self -> unless(
                        filled(self, "targets") || filled(self, "groups"),
                        "",
                        "there is no target",
                        "add targets: [HOST:PORT], or groups"));
        put(
                "!has(self.labels) || (has(self.targets) && self.targets.size() > 0)",
                self -> unless(
                        !has(self, "labels") || filled(self, "targets"),
                        "labels",
                        "labels belong to targets, and there are none",
                        "write the labels below each group"));
    }

    private void relabeling() {
        needs(
                "!(has(self.action) && self.action == 'hashmod') || has(self.modulus)",
                self -> !in(self, "action", "hashmod") || has(self, "modulus"),
                "action",
                "modulus");
        put(
                "!(!has(self.action) || self.action in ['replace', 'hashmod', 'lowercase', 'uppercase', 'keepequal', 'dropequal']) || has(self.targetLabel)",
                self -> {
                    boolean writes = !has(self, "action")
                            || in(
                                    self,
                                    "action",
                                    "replace",
                                    "hashmod",
                                    "lowercase",
                                    "uppercase",
                                    "keepequal",
                                    "dropequal");
                    return unless(
                            !writes || has(self, "targetLabel"),
                            "action",
                            "the action " + (has(self, "action") ? text(self, "action") : "replace")
                                    + " needs targetLabel",
                            "add targetLabel");
                });
        put(
                "!(has(self.action) && self.action in ['keepequal', 'dropequal']) || !(has(self.regex) || has(self.separator) || has(self.replacement) || has(self.modulus))",
                self -> in(self, "action", "keepequal", "dropequal")
                        ? none(
                                self,
                                text(self, "action") + " takes sourceLabels and targetLabel only",
                                "regex",
                                "separator",
                                "replacement",
                                "modulus")
                        : Optional.empty());
        put(
                "!(has(self.action) && self.action in ['labeldrop', 'labelkeep']) || !(has(self.sourceLabels) || has(self.targetLabel) || has(self.separator) || has(self.replacement) || has(self.modulus))",
                self -> in(self, "action", "labeldrop", "labelkeep")
                        ? none(
                                self,
                                text(self, "action") + " takes regex only",
                                "sourceLabels",
                                "targetLabel",
                                "separator",
                                "replacement",
                                "modulus")
                        : Optional.empty());
    }

    private void names() {
        put("self.metadata.name.matches('^[a-z]([a-z0-9-]*[a-z0-9])?$') && self.metadata.name.size() <= 40", self -> {
            String name = self.path("metadata").path("name").asText();
            return SERVER_NAME.matcher(name).matches() && name.length() <= 40
                    ? Optional.empty()
                    : Optional.of(new Breach(
                            "metadata.name",
                            Shown.quoted(name) + " can't be the name of a PrometheusServer",
                            "a-z, 0-9, between them -, a letter first; at most 40",
                            "choose another name"));
        });
    }

    private void rules() {
        put(
                "has(self.alert) || !(has(self.for) || has(self.keepFiringFor) || has(self.annotations))",
                self -> has(self, "alert")
                        ? Optional.empty()
                        : none(self, "only an alerting rule has this", "for", "keepFiringFor", "annotations"));
    }

    private void put(String expression, Twin twin) {
        if (twins.put(expression, twin) != null) {
            throw new IllegalStateException("two twins of " + expression);
        }
    }

    private void needs(String expression, Predicate<JsonNode> holds, String field, String needed) {
        put(expression, self -> unless(holds.test(self), field, field + " needs " + needed, "add " + needed));
    }

    /** The rule that exactly one of two fields is set, written with {@code !=}. */
    private void either(String a, String b) {
        put("has(self." + a + ") != has(self." + b + ")", one(List.of(choice(a), choice(b))));
    }

    private void exactlyOne(String... fields) {
        List<Choice> choices = List.of(fields).stream().map(OwnRules::choice).toList();
        put(
                choices.stream()
                        .map(choice -> "has(self." + choice.field() + ")")
                        .collect(Collectors.joining(", ", "[", "].filter(x, x).size() == 1")),
                one(choices));
    }

    /** The rule that exactly one of a list, if it isn't empty, and two fields is set. */
    private void exactlyOne(String b, String c, Choice list) {
        put(
                "[has(self." + list.field() + ") && self." + list.field() + ".size() > 0, has(self." + b
                        + "), has(self." + c + ")].filter(x, x).size() == 1",
                one(List.of(list, choice(b), choice(c))));
    }

    private static Choice choice(String field) {
        return new Choice(field, self -> has(self, field));
    }

    private static Choice choice(String field, Predicate<JsonNode> made) {
        return new Choice(field, made);
    }

    private static Twin one(List<Choice> choices) {
        String allowed = choices.stream().map(Choice::field).collect(Collectors.joining(", "));
        return self -> {
            if (choices.stream().noneMatch(choice -> choice.made().test(self))) {
                return Optional.of(new Breach(
                        "",
                        "one of these fields is missing",
                        "exactly one of " + allowed,
                        "add the one that is meant"));
            }
            return second(self, choices);
        };
    }

    /** Returns the breach that more than one choice is made. */
    private static Optional<Breach> second(JsonNode self, List<Choice> choices) {
        List<String> made = choices.stream()
                .filter(choice -> choice.made().test(self))
                .map(Choice::field)
                .toList();
        return made.size() < 2
                ? Optional.empty()
                : Optional.of(new Breach(
                        made.get(1),
                        String.join(" and ", made) + " exclude each other",
                        "only one of " + choices.stream().map(Choice::field).collect(Collectors.joining(", ")),
                        "delete all but the one that is meant"));
    }

    private static Optional<Breach> none(JsonNode self, String why, String... fields) {
        for (String field : fields) {
            if (has(self, field)) {
                return Optional.of(new Breach(field, field + " has no meaning here: " + why, "", "delete " + field));
            }
        }
        return Optional.empty();
    }

    private static Optional<Breach> unless(boolean holds, String field, String message, String remedy) {
        return holds ? Optional.empty() : Optional.of(new Breach(field, message, "", remedy));
    }

    private static boolean has(JsonNode self, String field) {
        return self.hasNonNull(field);
    }

    private static boolean filled(JsonNode self, String field) {
        return has(self, field) && !self.get(field).isEmpty();
    }

    private static boolean is(JsonNode self, String field) {
        return has(self, field) && self.get(field).asBoolean();
    }

    private static String text(JsonNode self, String field) {
        return has(self, field) ? self.get(field).asText() : "";
    }

    private static boolean in(JsonNode self, String field, String... values) {
        return has(self, field) && Set.of(values).contains(text(self, field));
    }
}

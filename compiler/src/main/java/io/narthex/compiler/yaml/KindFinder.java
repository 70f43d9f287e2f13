package io.narthex.compiler.yaml;

import io.narthex.api.v1alpha1.ApiGroup;
import io.narthex.api.v1alpha1.ApiKinds;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import java.util.Optional;
import java.util.Set;

/** Tells from {@code apiVersion} and {@code kind} whether a document is for Narthex, and if not quite, why. */
final class KindFinder {

    private static final String COREOS = "monitoring.coreos.com/";
    private static final FieldPath API_VERSION = FieldPath.of("apiVersion");
    private static final FieldPath KIND = FieldPath.of("kind");

    private final Set<String> kinds;
    private final Problems problems;

    KindFinder(Set<String> kinds, Problems problems) {
        this.kinds = kinds;
        this.problems = problems;
    }

    /**
     * Returns whether the document is of a known kind; if not, a problem was reported.
     *
     * @param apiVersion the value of {@code apiVersion}; empty for none
     * @param kind the value of {@code kind}; empty for none
     */
    boolean find(YamlNode.Mapping root, String apiVersion, String kind) {
        String known = kinds.stream().sorted().reduce((a, b) -> a + ", " + b).orElse("");
        if (apiVersion.isEmpty() || kind.isEmpty()) {
            reportMissing(root, apiVersion, kind);
            return false;
        }
        if (apiVersion.equals(ApiGroup.API_VERSION)) {
            if (kinds.contains(kind)) {
                return true;
            }
            problems.add(
                    DiagnosticCode.KIND_UNKNOWN,
                    KIND,
                    span(root, "kind"),
                    "unknown kind " + Shown.plain(kind),
                    known,
                    Nearest.of(kind, kinds)
                            .map(near -> "did you mean " + near + "?")
                            .orElse("write one of " + known));
            return false;
        }
        if (apiVersion.startsWith(COREOS)) {
            problems.add(
                    DiagnosticCode.KIND_NOT_READ,
                    KIND,
                    span(root, "kind"),
                    "the kind " + Shown.plain(kind) + " of " + Shown.plain(apiVersion) + " isn't read yet",
                    known,
                    "write it as a " + like(kind) + " of " + ApiGroup.API_VERSION);
            return false;
        }
        boolean ours = kinds.contains(kind)
                || apiVersion.startsWith(ApiGroup.NAME)
                || Nearest.distance(apiVersion.length() > 64 ? "" : apiVersion, ApiGroup.API_VERSION) <= 4;
        if (ours) {
            problems.add(
                    DiagnosticCode.API_VERSION_UNKNOWN,
                    API_VERSION,
                    span(root, "apiVersion"),
                    "unknown apiVersion " + Shown.plain(apiVersion),
                    ApiGroup.API_VERSION,
                    "write apiVersion: " + ApiGroup.API_VERSION);
            return false;
        }
        problems.add(
                DiagnosticCode.KIND_FOREIGN,
                KIND,
                span(root, "kind"),
                "the kind " + Shown.plain(kind) + " of " + Shown.plain(apiVersion)
                        + " isn't Narthex's and is left alone",
                "",
                "");
        return false;
    }

    private void reportMissing(YamlNode.Mapping root, String apiVersion, String kind) {
        String missing = apiVersion.isEmpty() && kind.isEmpty()
                ? "apiVersion and kind are missing"
                : (apiVersion.isEmpty() ? "apiVersion" : "kind") + " is missing";
        String remedy;
        if (!kind.isEmpty() || root.entry("spec") != null || root.entry("metadata") != null) {
            remedy = "add " + (apiVersion.isEmpty() ? "apiVersion: " + ApiGroup.API_VERSION : "kind: Monitor");
        } else if (root.entry("groups") != null) {
            remedy = "this looks like a rule file of Prometheus: put it under spec of a RuleSet";
        } else if (root.entry("scrape_configs") != null || root.entry("global") != null) {
            remedy = "this looks like a configuration of Prometheus: declare Monitors and a PrometheusServer instead";
        } else {
            Optional<String> near = root.entries().stream()
                    .map(YamlNode.Entry::key)
                    .flatMap(key -> Nearest.of(key, Set.of("apiVersion", "kind")).stream())
                    .findFirst();
            remedy = near.map(field -> "is one of the fields misspelled? " + field + " is meant so")
                    .orElse("add apiVersion: " + ApiGroup.API_VERSION + ", or move the file elsewhere");
        }
        problems.add(
                DiagnosticCode.KIND_MISSING,
                apiVersion.isEmpty() ? API_VERSION : KIND,
                SchemaChecker.start(root),
                missing,
                "",
                remedy);
    }

    private static String like(String kind) {
        return switch (kind) {
            case "Prometheus", "PrometheusAgent" -> ApiKinds.SERVER;
            case "PrometheusRule" -> ApiKinds.RULE_SET;
            default -> ApiKinds.MONITOR;
        };
    }

    private static Span span(YamlNode.Mapping root, String field) {
        YamlNode value = root.get(field);
        return value == null ? SchemaChecker.start(root) : value.span();
    }
}

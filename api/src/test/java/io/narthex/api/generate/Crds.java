package io.narthex.api.generate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.client.CustomResource;
import io.narthex.api.v1alpha1.Monitor;
import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.api.v1alpha1.MonitorStatus;
import io.narthex.api.v1alpha1.PrometheusServer;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.PrometheusServerStatus;
import io.narthex.api.v1alpha1.RuleSet;
import io.narthex.api.v1alpha1.RuleSetSpec;
import io.narthex.api.v1alpha1.RuleSetStatus;
import java.nio.file.Path;
import java.util.List;

/** The complete CRDs. */
final class Crds {
    private static final Column READY = new Column(
            "Ready", "string", ".status.conditions[?(@.type==\"Ready\")].status", "Whether all is as declared", 0);
    private static final Column REASON = new Column(
            "Reason", "string", ".status.conditions[?(@.type==\"Ready\")].reason", "Why it is ready or not", 0);
    private static final Column AGE =
            new Column("Age", "date", ".metadata.creationTimestamp", "How long it has existed", 0);

    /** The kinds, in the order in which a reader meets them. */
    static final List<Kind> KINDS = List.of(
            new Kind(
                    Monitor.class,
                    MonitorSpec.class,
                    MonitorStatus.class,
                    List.of(
                            READY,
                            new Column("Up", "integer", ".status.targets.up", "Targets whose last scrape succeeded", 0),
                            new Column("Targets", "integer", ".status.targets.total", "All targets", 0),
                            new Column("Job", "string", ".spec.job", "The label job, where it is set", 1),
                            REASON,
                            AGE),
                    List.of()),
            new Kind(
                    PrometheusServer.class,
                    PrometheusServerSpec.class,
                    PrometheusServerStatus.class,
                    List.of(
                            READY,
                            new Column("Version", "string", ".status.version", "The release that runs", 0),
                            new Column("Up", "integer", ".status.targets.up", "Targets whose last scrape succeeded", 0),
                            new Column("Targets", "integer", ".status.targets.total", "All targets", 0),
                            new Column("Monitors", "integer", ".status.monitors", "Monitors that it took", 1),
                            new Column("RuleSets", "integer", ".status.ruleSets", "RuleSets that it took", 1),
                            new Column("Paused", "boolean", ".spec.paused", "Whether it is left as it is", 1),
                            REASON,
                            AGE),
                    List.of(new Rule(
                            "self.metadata.name.matches('^[a-z]([a-z0-9-]*[a-z0-9])?$') && self.metadata.name.size() <= 40",
                            "the name of a PrometheusServer has at most 40 characters, lower-case letters, digits and"
                                    + " dashes, and starts with a letter"))),
            new Kind(RuleSet.class, RuleSetSpec.class, RuleSetStatus.class, List.of(READY, REASON, AGE), List.of()));

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Javadocs docs;

    Crds(Path sources) {
        this.docs = Javadocs.read(sources);
    }

    /** A kind, and what its types can't say. */
    record Kind(
            Class<? extends CustomResource<?, ?>> type,
            Class<?> spec,
            Class<?> status,
            List<Column> columns,
            List<Rule> rules) {
        String name() {
            return type.getSimpleName();
        }
    }

    /** A column of {@code kubectl get}; of priority 1 only with {@code -o wide}. */
    record Column(String name, String type, String jsonPath, String description, int priority) {}

    /** A rule on the resource as a whole. */
    record Rule(String rule, String message) {}

    /** The comments of the types. */
    Javadocs docs() {
        return docs;
    }

    /** The CRD of {@code kind}. */
    ObjectNode crd(Kind kind) {
        ObjectNode raw = CrdSchemas.generate(kind.type());
        ObjectNode names = (ObjectNode) raw.at("/spec/names");
        names.put("listKind", kind.name() + "List");
        names.putArray("categories").add("narthex");
        ObjectNode version = (ObjectNode) raw.at("/spec/versions/0");
        ObjectNode schema = schema(kind, raw);
        version.putObject("schema").set("openAPIV3Schema", schema);

        ArrayNode columns = version.putArray("additionalPrinterColumns");
        for (Column column : kind.columns()) {
            ObjectNode node = columns.addObject()
                    .put("name", column.name())
                    .put("type", column.type())
                    .put("jsonPath", column.jsonPath())
                    .put("description", column.description());
            if (column.priority() > 0) {
                node.put("priority", column.priority());
            }
        }
        ObjectNode spec = (ObjectNode) raw.get("spec");
        spec.putObject("conversion").put("strategy", "None");
        ObjectNode crd = JSON.objectNode();
        crd.set("apiVersion", raw.get("apiVersion"));
        crd.set("kind", raw.get("kind"));
        ObjectNode metadata = (ObjectNode) raw.get("metadata");
        // Whoever removes the chart keeps what users declared.
        metadata.putObject("annotations").put("helm.sh/resource-policy", "keep");
        crd.set("metadata", metadata);
        crd.set("spec", spec);
        return crd;
    }

    private ObjectNode schema(Kind kind, JsonNode rawCrd) {
        JsonNode raw = rawCrd.at("/spec/versions/0/schema/openAPIV3Schema/properties");
        if (raw.isMissingNode()) {
            throw new IllegalStateException("no raw schema of " + kind.name());
        }
        SchemaPolisher polisher = new SchemaPolisher(docs);
        ObjectNode schema = JSON.objectNode();
        schema.put("description", docs.of(kind.type()).text());
        schema.put("type", "object");
        schema.putArray("required").add("spec");
        ObjectNode properties = schema.putObject("properties");
        properties
                .putObject("apiVersion")
                .put("description", "The API group and version of the resource.")
                .put("type", "string");
        properties
                .putObject("kind")
                .put("description", "The kind of the resource.")
                .put("type", "string");
        // The API server knows metadata itself, and takes no description of it.
        properties.putObject("metadata").put("type", "object");
        properties.set(
                "spec",
                polisher.record(
                        kind.spec(), raw.path("spec"), docs.of(kind.spec()).text()));
        properties.set(
                "status",
                polisher.record(
                        kind.status(),
                        raw.path("status"),
                        docs.of(kind.status()).text()));
        if (!kind.rules().isEmpty()) {
            ArrayNode rules = schema.putArray("x-kubernetes-validations");
            for (Rule rule : kind.rules()) {
                rules.addObject().put("message", rule.message()).put("rule", rule.rule());
            }
        }
        return schema;
    }
}

package io.narthex.compiler.frontend;

import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.yaml.YamlTree;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Present;
import org.snakeyaml.engine.v2.api.lowlevel.Serialize;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Makes a file of scrape jobs from a list of them in Prometheus's own form. Says nothing of what is in it. */
final class AdditionalScrapes {

    /** The one key of a file of jobs. */
    private static final String FILE = "scrape_configs";

    private static final LoadSettings READ = LoadSettings.builder()
            .setSchema(new CoreSchema())
            .setMaxAliasesForCollections(50)
            .setCodePointLimit(1024 * 1024)
            .build();

    private static final DumpSettings WRITTEN = DumpSettings.builder()
            .setSchema(new CoreSchema())
            .setDereferenceAliases(true)
            .build();

    private AdditionalScrapes() {}

    /**
     * Returns the file's content; empty where the secret holds no such list, after noting why.
     *
     * @param shared the job of all labels, whose name and what begins with it are taken; empty where labels make no jobs
     */
    static Optional<byte[]> file(SecretValue secret, Optional<String> shared, FieldPath at, Report report) {
        byte[] content = secret.reveal();
        // The tree is built within limits: of depth, and of what aliases expand to.
        if (YamlTree.parse("", content).documents().size() != 1) {
            return refuse(report, at, "the secret holds no YAML that can be read, or aliases that expand to too much");
        }
        String text = new String(content, StandardCharsets.UTF_8);
        // To Prometheus's YAML these end a line, to the one that reads it here they don't.
        if (text.chars().anyMatch(letter -> letter == 0x85 || letter == 0x2028 || letter == 0x2029)) {
            return refuse(report, at, "the secret holds one of the line breaks U+0085, U+2028 and U+2029");
        }
        Object list;
        Node node;
        try {
            list = new Load(READ).loadFromString(text);
            node = new Compose(READ).composeString(text).orElseThrow();
        } catch (YamlEngineException | NoSuchElementException | StackOverflowError e) {
            return refuse(report, at, "the secret holds no YAML that can be read");
        }
        // What it makes it also reads: a file that Prometheus loaded may stand for the secret.
        if (list instanceof Map<?, ?> file && file.keySet().equals(Set.of(FILE)) && node instanceof MappingNode whole) {
            list = file.get(FILE);
            node = whole.getValue().getFirst().getValueNode();
        }
        if (!(list instanceof List<?> jobs)) {
            return refuse(report, at, "the secret holds no list");
        }
        for (int i = 0; i < jobs.size(); i++) {
            Object name = jobs.get(i) instanceof Map<?, ?> one ? one.get("job_name") : null;
            if (!(name instanceof String job)) {
                return refuse(report, at, "element " + (i + 1) + " of the list has no job_name");
            }
            if (job.startsWith("monitor/")) {
                return refuse(report, at, "element " + (i + 1) + " of the list has a job_name of a Monitor");
            }
            if (shared.filter(taken -> job.equals(taken) || job.startsWith(taken + "/"))
                    .isPresent()) {
                return refuse(report, at, "element " + (i + 1) + " of the list has a job_name of services' labels");
            }
        }
        // Scalars stay as they are written: to Prometheus an unquoted 1.10 is a label's value and no number.
        Node whole = new MappingNode(
                Tag.MAP,
                List.of(new NodeTuple(new ScalarNode(Tag.STR, FILE, ScalarStyle.PLAIN), node)),
                FlowStyle.BLOCK);
        String yaml = new Present(WRITTEN)
                .emitToString(new Serialize(WRITTEN).serializeOne(whole).iterator());
        return Optional.of(yaml.getBytes(StandardCharsets.UTF_8));
    }

    private static Optional<byte[]> refuse(Report report, FieldPath at, String message) {
        report.add(
                DiagnosticCode.ADDITIONAL_SCRAPES_INVALID,
                at,
                message,
                "a YAML list of scrape configurations, each with a job_name",
                "correct the secret");
        return Optional.empty();
    }
}

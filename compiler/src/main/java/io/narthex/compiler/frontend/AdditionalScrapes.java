package io.narthex.compiler.frontend;

import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.yaml.YamlTree;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.Dump;
import org.snakeyaml.engine.v2.api.DumpSettings;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** Makes a file of scrape jobs from a list of them in Prometheus's own form. Says nothing of what is in it. */
final class AdditionalScrapes {

    /** The one key of a file of jobs. */
    private static final String FILE = "scrape_configs";

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
        Object list;
        try {
            list = new Load(LoadSettings.builder()
                            .setSchema(new CoreSchema())
                            .setMaxAliasesForCollections(50)
                            .setCodePointLimit(1024 * 1024)
                            .build())
                    .loadFromString(new String(content, StandardCharsets.UTF_8));
        } catch (YamlEngineException | StackOverflowError e) {
            return refuse(report, at, "the secret holds no YAML that can be read");
        }
        // What it makes it also reads: a file that Prometheus loaded may stand for the secret.
        if (list instanceof Map<?, ?> file && file.keySet().equals(Set.of(FILE))) {
            list = file.get(FILE);
        }
        if (!(list instanceof List<?> jobs)) {
            return refuse(report, at, "the secret holds no list");
        }
        for (int i = 0; i < jobs.size(); i++) {
            Object name = jobs.get(i) instanceof Map<?, ?> job ? job.get("job_name") : null;
            if (!(name instanceof String text)) {
                return refuse(report, at, "element " + (i + 1) + " of the list has no job_name");
            }
            if (text.startsWith("monitor/")) {
                return refuse(report, at, "element " + (i + 1) + " of the list has a job_name of a Monitor");
            }
            if (shared.filter(taken -> text.equals(taken) || text.startsWith(taken + "/"))
                    .isPresent()) {
                return refuse(report, at, "element " + (i + 1) + " of the list has a job_name of services' labels");
            }
        }
        String yaml = new Dump(DumpSettings.builder()
                        .setDefaultFlowStyle(FlowStyle.BLOCK)
                        .setDefaultScalarStyle(ScalarStyle.PLAIN)
                        .setSchema(new CoreSchema())
                        .setDereferenceAliases(true)
                        .build())
                .dumpToString(Map.of(FILE, jobs));
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

package io.narthex.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A source that the resources have, and that no release serves yet, is refused with what to use in its place. */
class ServedSourcesTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "docker | {docker: {host: 'unix:///var/run/docker.sock'}}",
                "consul | {consul: {}}",
                "ec2 | {ec2: {}}",
                "gce | {gce: {project: shop, zones: [a]}}",
                "azure | {azure: {subscriptionId: x}}",
                "other | {other: {type: nomad, config: {server: 'http://127.0.0.1:4646'}}}",
                "swarm.api | {swarm: {api: {host: 'unix:///var/run/docker.sock', role: tasks}}}",
            })
    void isRefusedWithARemedy(String field, String source) {
        Inventory inventory = Yaml.inventory(
                Yaml.monitor("web", "source: " + source + "\n") + Yaml.resource("PrometheusServer", "main", "{}\n"));
        for (CompileOptions options : new CompileOptions[] {Yaml.options("3.16.0"), Swarms.options("3.16.0")}) {
            Compilation compilation = Compiler.create()
                    .compile(inventory, new ResourceKey("PrometheusServer", "default", "main"), options);
            assertThat(compilation.diagnostics()).hasSize(1);
            Diagnostic diagnostic = compilation.diagnostics().getFirst();
            assertThat(diagnostic.code()).isEqualTo(DiagnosticCode.SOURCE_NOT_SERVED);
            assertThat(diagnostic.field()).hasToString("spec.source." + field);
            assertThat(diagnostic.message()).endsWith("isn't served by this release of Narthex yet");
            assertThat(diagnostic.remedy()).contains("http or file");
        }
    }
}

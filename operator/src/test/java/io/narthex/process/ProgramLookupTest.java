package io.narthex.process;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.PrometheusVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that aren't a Prometheus, or one of another age, and the order in which one is looked for. */
class ProgramLookupTest {

    @TempDir
    Path folder;

    private Path script(String name, String text) throws IOException {
        Path file = Files.writeString(folder.resolve(name), "#!/bin/sh\n" + text + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
        return file;
    }

    private Path prometheus(String name, String version) throws IOException {
        return script(name, "echo 'prometheus, version " + version + " (branch: debian/sid, revision: 1)'");
    }

    private static PrometheusProgram found(Outcome<PrometheusProgram> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Done.class);
        return ((Outcome.Done<PrometheusProgram>) outcome).value();
    }

    private static Diagnostic problem(Outcome<PrometheusProgram> outcome) {
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        return ((Outcome.Failed<PrometheusProgram>) outcome).problem();
    }

    private Outcome<PrometheusProgram> named(String name) throws InterruptedException {
        return new ProgramLookup(Map.of()).find(Optional.of(folder.resolve(name).toString()));
    }

    @Test
    void takesWhatIsNamedBeforeTheVariableBeforeThePath() throws Exception {
        Path first = prometheus("first", "3.1.0");
        Path second = prometheus("second", "3.2.0");
        Path third = prometheus("prometheus", "3.3.0");
        Map<String, String> environment = Map.of("PROMETHEUS", second.toString(), "PATH", "/nowhere::" + folder);
        assertThat(found(new ProgramLookup(environment).find(Optional.of(first.toString())))
                        .path())
                .isEqualTo(first);
        assertThat(found(new ProgramLookup(environment).find(Optional.empty())).path())
                .isEqualTo(second);
        assertThat(found(new ProgramLookup(Map.of("PATH", "/nowhere::" + folder)).find(Optional.empty()))
                        .path())
                .isEqualTo(third);
    }

    @Test
    void readsDebiansVersion() throws Exception {
        prometheus("p", "2.42.0+ds");
        PrometheusProgram program = found(named("p"));
        assertThat(program.version()).isEqualTo(new PrometheusVersion(2, 42, 0));
        assertThat(program.versionText()).isEqualTo("2.42.0+ds");
    }

    @Test
    void saysWhatIsWrongWithWhatItFinds() throws Exception {
        assertThat(problem(new ProgramLookup(Map.of("PATH", "/nowhere")).find(Optional.empty())))
                .satisfies(p -> {
                    assertThat(p.code()).isEqualTo(DiagnosticCode.PROMETHEUS_NOT_FOUND);
                    assertThat(p.remedy()).contains("apt-get install prometheus", "--prometheus FILE");
                });
        assertThat(problem(named("missing")).code()).isEqualTo(DiagnosticCode.PROMETHEUS_NOT_FOUND);
        assertThat(problem(named(".")).message()).contains("which is a folder");
        Files.writeString(folder.resolve("plain"), "x");
        assertThat(problem(named("plain")).remedy()).startsWith("make it executable: chmod +x");
        script("other", "echo 'hello\u001b[31m'; echo there");
        assertThat(problem(named("other")).message()).endsWith("--version answers \"hello [31m\"");
        script("silent", "exit 3");
        assertThat(problem(named("silent")).message()).endsWith("--version answers nothing");
        Files.write(script("binary", ""), new byte[] {0x7f, 'E', 'L', 'F', 0});
        assertThat(problem(named("binary")).code()).isEqualTo(DiagnosticCode.PROMETHEUS_UNUSABLE);
        prometheus("old", "2.41.9");
        assertThat(problem(named("old")).code()).isEqualTo(DiagnosticCode.PROMETHEUS_TOO_OLD);
        prometheus("odd", "main");
        assertThat(problem(named("odd")).message()).contains("a version that isn't understood: main");
    }
}

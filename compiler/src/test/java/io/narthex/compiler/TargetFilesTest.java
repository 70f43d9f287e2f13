package io.narthex.compiler;

import static io.narthex.compiler.Yaml.inventory;
import static io.narthex.compiler.Yaml.monitor;
import static io.narthex.compiler.Yaml.resource;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.ResourceKey;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which files a Monitor's source {@code file} may name, and what becomes of their paths. */
class TargetFilesTest {

    private static final CompileOptions NOWHERE = Yaml.options("3.16.0");
    private static final CompileOptions FOLDER = NOWHERE.withResourceFolder("/srv/shop");

    private static Compilation compile(CompileOptions options, String file, String tenancy) {
        ResourceKey server = new ResourceKey("PrometheusServer", "default", "main");
        return Compiler.create()
                .compile(
                        inventory(monitor("files", "source: {file: {files: ['" + file + "']}}\n")
                                + resource("PrometheusServer", "main", "tenancy: {" + tenancy + "}\n")),
                        server,
                        options);
    }

    private static String jobs(Compilation compilation) {
        return compilation.bundle().orElseThrow().files().values().stream()
                .filter(file -> file.path().startsWith("jobs"))
                .map(file -> new String(file.content(), UTF_8))
                .collect(Collectors.joining());
    }

    @ParameterizedTest
    @CsvSource({
        "targets.json, /srv/shop/targets.json",
        "./targets.json, /srv/shop/targets.json",
        "more/*.yml, /srv/shop/more/*.yml",
    })
    void aRelativePathStartsAtTheFolder(String file, String written) {
        Compilation compilation = compile(FOLDER, file, "");
        assertThat(compilation.diagnostics()).isEmpty();
        assertThat(jobs(compilation)).containsPattern("- [\"']?\\Q" + written + "\\E[\"']?\n");
    }

    @Test
    void anAbsolutePathNeedsTheServersConsent() {
        assertThat(jobs(compile(FOLDER, "/etc/targets.json", "allowFileAccess: true")))
                .contains("/etc/targets.json");
    }

    @ParameterizedTest
    @CsvSource({
        "/etc/targets.json, '', the server doesn't let resources name files by absolute paths",
        "../targets.json, '', the path leaves the folder of the resources",
        "a/../../targets.json, allowFileAccess: true, the path leaves the folder of the resources",
        "targets.json, allowFileAccess: false, the server doesn't let resources name files",
    })
    void whatMayNotBeNamedIsRefused(String file, String tenancy, String message) {
        assertRefused(compile(FOLDER, file, tenancy), DiagnosticCode.FILE_ACCESS_DENIED, message);
    }

    @Test
    void withoutAFolderARelativePathMeansNothing() {
        assertRefused(
                compile(NOWHERE, "targets.json", ""),
                DiagnosticCode.FILE_ACCESS_DENIED,
                "a relative path has no meaning here");
    }

    @ParameterizedTest
    @CsvSource({"/srv/[shop]", "/srv/shop*", "/srv/shop?", "/srv/sh\\op"})
    void aFolderWhosePathWouldBeAPatternIsRefused(String folder) {
        assertRefused(
                compile(NOWHERE.withResourceFolder(folder), "targets.json", ""),
                DiagnosticCode.INVALID_VALUE,
                "the path of the folder, \"" + folder.replace("\\", "\\\\") + "\", would be read as a pattern");
    }

    private static void assertRefused(Compilation compilation, DiagnosticCode code, String message) {
        assertThat(compilation.diagnostics()).singleElement().satisfies(diagnostic -> {
            assertThat(diagnostic.code()).isEqualTo(code);
            assertThat(diagnostic.message()).isEqualTo(message);
            assertThat(diagnostic.position().map(Object::toString))
                    .hasValueSatisfying(at -> assertThat(at).startsWith("test.yaml:"));
        });
        assertThat(compilation.diagnostics())
                .map(Diagnostic::field)
                .map(Object::toString)
                .containsExactly("spec.source.file.files[0]");
        assertThat(jobs(compilation)).isEmpty();
    }
}

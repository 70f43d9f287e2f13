package io.narthex.cli.folder;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.cli.Session;
import io.narthex.compiler.Compiler;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {

    @TempDir
    Path folder;

    @BeforeEach
    void writeFiles() throws IOException {
        // The compiler's tests say what it becomes.
        try (InputStream classic =
                Objects.requireNonNull(Compiler.class.getResourceAsStream("golden/import-classic.yml"))) {
            Files.write(folder.resolve("prometheus.yml"), classic.readAllBytes());
        }
    }

    private String in(String name) {
        return folder.resolve(name).toString();
    }

    @Test
    void aTypoIsToldAndNothingIsWritten() {
        Session.Result result = new Session().run("import", in("prometheus.yml"), "--output", in("out"));
        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err())
                .isEqualTo(in("prometheus.yml")
                        + ":4:7: error[NX5002]: unknown field \"sheme\"; did you mean \"scheme\"?\n"
                        + "   = note: items 1 and 2 of alertmanagers are two Alertmanagers; the first has no targets\n"
                        + "Nothing written. Use --fix to apply 1 suggestion.\n");
        assertThat(result.out()).isEmpty();
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void ruleFilesAreFoundInEveryFolderOfAPattern() throws IOException {
        for (String team : new String[] {"a", "b"}) {
            Files.createDirectories(folder.resolve("rules/" + team));
            Files.writeString(
                    folder.resolve("rules/" + team + "/slo.yml"),
                    "groups: [{name: g, rules: [{record: of_team_" + team + ", expr: vector(1)}]}]\n");
        }
        Files.writeString(folder.resolve("prometheus.yml"), """
                rule_files: [/etc/prometheus/rules/*/slo.y?l, alerts/*.yml]
                scrape_configs: [{job_name: a, static_configs: [{targets: ['a:1']}]}]
                """);
        Session.Result result = new Session().run("import", in("prometheus.yml"));
        assertThat(result.code()).as(result.err()).isZero();
        assertThat(result.out()).contains("of_team_a", "of_team_b");
        assertThat(result.err()).contains("no file beside the configuration matches alerts/*.yml of rule_files");
    }

    @Test
    void whatIsWrittenIsCleanAndPasswordsAreHidden() throws IOException {
        Files.createDirectories(folder.resolve("rules"));
        Files.writeString(
                folder.resolve("rules/a.yml"), "groups: [{name: g, rules: [{record: one, expr: vector(1)}]}]\n");
        Files.writeString(
                folder.resolve("prometheus.yml"),
                Files.readString(folder.resolve("prometheus.yml"))
                                .replace("rule_files:\n", "rule_files: [/etc/prometheus/rules/*.yml]\n")
                        + "    basic_auth: {username: a, password: hunter2}\n");
        Session.Result result = new Session().run("import", in("prometheus.yml"), "--fix", "--output", in("out"));
        assertThat(result.err()).doesNotContain("hunter2");
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("monitors.yaml")
                .contains("rules.yaml")
                .contains(".secrets");
        Path secret = folder.resolve("out/.secrets/server/password");
        assertThat(secret).hasContent("hunter2");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                .isEqualTo("rw-------");
        assertThat(folder.resolve("out/monitors.yaml")).content().doesNotContain("hunter2");
        assertThat(new Session().run("lint", in("out"), "--strict").code()).isZero();
    }

    @Test
    void nothingIsReplacedWithoutForce() throws IOException {
        assertThat(new Session()
                        .run("import", in("prometheus.yml"), "--fix", "--output", in("out"))
                        .code())
                .isZero();
        Files.writeString(folder.resolve("out/server.yaml"), "mine");
        Session.Result again = new Session().run("import", in("prometheus.yml"), "--fix", "--output", in("out"));
        assertThat(again.code()).isNotZero();
        assertThat(again.err()).contains("nothing was written");
        assertThat(folder.resolve("out/server.yaml")).hasContent("mine");
        assertThat(new Session()
                        .run("import", in("prometheus.yml"), "--fix", "--force", "--output", in("out"))
                        .code())
                .isZero();
        assertThat(folder.resolve("out/server.yaml")).content().contains("PrometheusServer");
    }

    @Test
    void variablesComeFromTheEnvironmentAndTheFileBeside() throws IOException {
        Files.writeString(folder.resolve(".env"), "# x\nTAG=\"v3.1.0\"\nREGISTRY=wrong\n");
        Files.writeString(folder.resolve("stack.yml"), "services: {p: {image: '${REGISTRY}/prometheus:${TAG}'}}\n");
        Session.Result result = new Session()
                .with("REGISTRY", "right")
                .run("import", in("prometheus.yml"), "--fix", "--compose", in("stack.yml"), "--stack", "shop");
        assertThat(result.out()).contains("image: right/prometheus:v3.1.0").contains("shop_default");
        assertThat(result.err()).contains("same").contains("differs");
    }

    @Test
    void aMissingFileIsAnError() {
        Session.Result result = new Session().run("import", in("nothing.yml"));
        assertThat(result.code()).isNotZero();
        assertThat(result.err()).contains("there is no such file");
    }
}

package io.narthex.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImportCommandTest {

    private static final String CLASSIC = """
            global: {scrape_interval: 15s, evaluation_interval: 15s}
            alerting:
              alertmanagers:
                - sheme: http
                - static_configs:
                    - targets:
                      - alertmanager:9093
            rule_files:
            scrape_configs:
              - job_name: "prometheus"
                static_configs:
                  - targets: ["0.0.0.0:9099"]
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void writeFiles() throws IOException {
        Files.writeString(folder.resolve("prometheus.yml"), CLASSIC);
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
    void whatIsWrittenIsCleanAndPasswordsAreHidden() throws IOException {
        Files.writeString(
                folder.resolve("prometheus.yml"), CLASSIC + "    basic_auth: {username: a, password: hunter2}\n");
        Files.createDirectories(folder.resolve("rules"));
        Files.writeString(
                folder.resolve("rules/a.yml"), "groups: [{name: g, rules: [{record: one, expr: vector(1)}]}]\n");
        Files.writeString(
                folder.resolve("prometheus.yml"),
                Files.readString(folder.resolve("prometheus.yml"))
                        .replace("rule_files:\n", "rule_files: [/etc/prometheus/rules/*.yml]\n"));
        Session.Result result = new Session().run("import", in("prometheus.yml"), "--fix", "--output", in("out"));
        assertThat(result.err()).doesNotContain("hunter2");
        assertThat(result.code()).isZero();
        assertThat(result.out())
                .contains("monitors.yaml")
                .contains("rules.yaml")
                .contains(".secrets");
        Path secret = folder.resolve("out/.secrets/prometheus/password");
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

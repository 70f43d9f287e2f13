package io.narthex.cli.folder;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.cli.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labels are checked where they are written, before anything is deployed. */
class StackLintTest {

    @TempDir
    Path folder;

    private Session.Result lint(String stack, String... more) throws IOException {
        Path file = folder.resolve("stack.yml");
        Files.writeString(file, stack);
        String[] arguments = new String[more.length + 2];
        arguments[0] = "lint";
        arguments[1] = file.toString();
        System.arraycopy(more, 0, arguments, 2, more.length);
        return new Session().with("COLUMNS", "200").run(arguments);
    }

    @Test
    void aGoodFileIsClean() throws IOException {
        Session.Result result = lint("""
                version: "3.8"
                services:
                  server:
                    image: shop/server
                    networks: [narthex]
                    deploy:
                      replicas: 3
                      labels:
                        prometheus.io/scrape: "true"
                        prometheus.io/port: "8000"
                  db: {image: postgres}
                networks:
                  narthex: {external: true}
                """);
        assertThat(result.out()).isEqualTo("1 file, 2 resources: 0 errors, 0 warnings\n");
        assertThat(result.code()).isZero();
    }

    @Test
    void aWrongLabelIsToldWithItsPlaceInBothForms() throws IOException {
        Session.Result result = lint("""
                services:
                  server:
                    image: shop/server
                    deploy:
                      labels:
                        prometheus.io/scrape: "true"
                        prometheus.io/port: "8000"
                        prometheus.io/intervall: 5s
                  jobs:
                    image: shop/jobs
                    deploy:
                      labels:
                        - prometheus.io/scrape=true
                        - prometheus.io/port=eight
                """);
        assertThat(result.out())
                .contains("stack.yml:8:34: warning[NX1704]: ")
                .contains("did you mean prometheus.io/interval?")
                .contains("stack.yml:14:30: error[NX1705]: ");
        assertThat(result.code()).isEqualTo(1);
    }

    @Test
    void whatStandsOnTheContainerOrInNoNetworkOfTheServiceIsTold() throws IOException {
        Session.Result result = lint("""
                services:
                  server:
                    image: shop/server
                    labels: {prometheus.io/scrape: "true", prometheus.io/port: "8000"}
                    deploy: {labels: {prometheus.io/network: other}}
                """);
        assertThat(result.out()).contains("NX1701").contains("NX1714");
    }

    @Test
    void whatOnlyTheSwarmKnowsIsNoted() throws IOException {
        Session.Result result = lint("""
                services:
                  server:
                    image: shop/server
                    deploy:
                      labels:
                        prometheus.io/scrape: "true"
                        prometheus.io/port: "${PORT:-8000}"
                        prometheus.io/path: "${METRICS_PATH}"
                        prometheus.io/server: other
                        prometheus.io/authorization.secret: metrics-token
                """);
        assertThat(result.err()).contains("METRICS_PATH").contains("metrics-token");
        assertThat(result.out()).doesNotContain("NX1710").doesNotContain("NX1715");
    }

    @Test
    void aSecretOfTheFileThatIsNotExposedIsAnError() throws IOException {
        String stack = """
                services:
                  server:
                    image: shop/server
                    deploy:
                      labels:
                        prometheus.io/scrape: "true"
                        prometheus.io/port: "8000"
                        prometheus.io/authorization.secret: shop_token
                secrets:
                  token: {file: ./token%s}
                """;
        assertThat(lint(stack.formatted(""), "--stack", "shop").out()).contains("stack.yml:8:45: error[NX1710]");
        assertThat(lint(stack.formatted(", labels: {io.narthex.expose-to: shop}"), "--stack", "shop")
                        .out())
                .doesNotContain("NX1710");
    }

    @Test
    void aPortThatTheImageMayExposeIsAWarning() throws IOException {
        String stack = """
                services:
                  server:
                    image: shop/server
                    ports: [%s]
                    deploy: {labels: {prometheus.io/scrape: "true"}}
                """;
        assertThat(lint(stack.formatted("")).out()).contains("warning[NX1708]").contains("0 errors, 1 warning");
        assertThat(lint(stack.formatted("8000, 8001")).out()).contains("error[NX1708]");
        assertThat(lint(stack.formatted("'80:8000'")).out()).contains("0 errors, 0 warnings");
    }

    @Test
    void aResourceStaysAResource() throws IOException {
        Session.Result result = lint("""
                apiVersion: monitoring.narthex.io/v1alpha1
                kind: Monitor
                metadata: {name: a}
                services: {}
                """);
        assertThat(result.out()).contains("services");
        assertThat(result.code()).isEqualTo(1);
    }
}

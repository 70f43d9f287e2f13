package io.narthex.compiler;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.swarm.SwarmService;
import io.narthex.testing.SelfSigned;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Small inventories with every field, and what they become for five releases. */
final class Golden {

    static final List<String> INPUTS =
            List.of("monitors", "needed", "server", "needed-server", "rules", "agent", "swarm");

    /** The bcrypt hash of nothing in particular. */
    private static final String HASH = "$2y$10$abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ01234";

    private static final SelfSigned CERTIFICATE = SelfSigned.make();

    private Golden() {}

    private static final Map<String, Inventory> READ =
            INPUTS.stream().collect(Collectors.toUnmodifiableMap(input -> input, Golden::read));

    static Inventory inventory(String input) {
        return Objects.requireNonNull(READ.get(input), input);
    }

    private static Inventory read(String input) {
        Inventory inventory = Yaml.inventory(resource(input + ".yaml"));
        inventory = Yaml.secret(inventory, "cluster", "token", "t");
        inventory = Yaml.secret(inventory, "cluster", "ca.crt", CERTIFICATE.certificate());
        inventory = Yaml.secret(inventory, "cluster", "tls.crt", CERTIFICATE.certificate());
        inventory = Yaml.secret(inventory, "cluster", "tls.key", CERTIFICATE.key());
        inventory = Yaml.secret(inventory, "web", "tls.crt", CERTIFICATE.certificate());
        inventory = Yaml.secret(inventory, "web", "tls.key", CERTIFICATE.key());
        inventory = Yaml.secret(inventory, "web", "ca.crt", CERTIFICATE.certificate());
        inventory = Yaml.secret(inventory, "web", "hash", HASH);
        inventory = Yaml.secret(inventory, "web", "password", "p");
        return Yaml.secret(
                inventory,
                "web",
                "more.yml",
                "- job_name: more\n  static_configs:\n  - targets: ['127.0.0.1:1']\n  sample_limit: 010\n");
    }

    static Compilation compile(String input, String version) {
        return input.equals("swarm")
                ? Compiler.create().compile(swarm(inventory(input)), DefaultServer.KEY, Swarms.options(version + ".0"))
                : Compiler.create()
                        .compile(
                                inventory(input),
                                DefaultServer.KEY,
                                Yaml.options(version + ".0").withResourceFolder("/srv/shop"));
    }

    /** Adds services whose labels say all that labels can. */
    private static Inventory swarm(Inventory inventory) {
        return inventory
                .with(Swarms.secret("metrics-password", "shop"))
                .with(Swarms.secret("metrics-token", "shop/jobs"))
                .with(Swarms.server()
                        .network("narthex")
                        .own("scrape", "true", "port", "8000", "interval", "5s", "label.team", "shop")
                        .own("endpoint.admin.port", "9000", "endpoint.admin.path", "/admin/metrics")
                        .own("endpoint.admin.basic-auth.username", "prometheus", "endpoint.admin.job", "admin")
                        .own("endpoint.admin.basic-auth.password-secret", "metrics-password")
                        .own("endpoint.admin.param.format", "prometheus")
                        .own("alert.ServerDown.expr", "up{job=\"server\"} == 0", "alert.ServerDown.for", "5m")
                        .own("alert.ServerDown.labels.severity", "page")
                        .own("alert.ServerDown.annotations.summary", "{{ $labels.instance }} is down")
                        .build())
                .with(Swarms.service("shop", "jobs")
                        .network("narthex")
                        .own("scrape", "true", "port", "8443", "scheme", "https")
                        .own("authorization.secret", "metrics-token")
                        .build())
                .with(Swarms.service("node-exporter")
                        .publish(9100, SwarmService.PublishMode.HOST)
                        .build());
    }

    /** Returns all of a compilation as one text for reading and comparing. */
    static String text(Compilation compilation) {
        StringBuilder text = new StringBuilder();
        for (Diagnostic diagnostic : compilation.diagnostics()) {
            text.append("# ")
                    .append(diagnostic.position().map(Object::toString).orElse("-"))
                    .append(' ')
                    .append(diagnostic.severity())
                    .append(' ')
                    .append(diagnostic.code().id())
                    .append(' ')
                    .append(diagnostic.field())
                    .append(": ")
                    .append(diagnostic.message())
                    .append('\n');
        }
        if (compilation.bundle().isEmpty()) {
            return text.toString();
        }
        Bundle bundle = compilation.bundle().get();
        bundle.flags().forEach(flag -> text.append(flag).append('\n'));
        append(text, bundle.index());
        bundle.files().values().forEach(file -> append(text, file));
        bundle.credentials()
                .keySet()
                .forEach(path -> text.append("=== ").append(path).append(" ***\n"));
        bundle.mountedSecrets()
                .forEach((path, secret) -> text.append("=== ")
                        .append(path)
                        .append(" = ")
                        .append(secret.name())
                        .append('\n'));
        compilation.discovery().pools().forEach(pool -> {
            text.append("=== targets of ").append(pool.job()).append('\n');
            pool.endpoints()
                    .forEach(endpoint -> text.append(endpoint.id())
                            .append(' ')
                            .append(endpoint.service().name())
                            .append(':')
                            .append(endpoint.port())
                            .append(' ')
                            .append(endpoint.labels())
                            .append('\n'));
        });
        return text.toString();
    }

    private static void append(StringBuilder text, BundleFile file) {
        text.append("=== ").append(file.path()).append('\n').append(new String(file.content(), UTF_8));
    }

    static String resource(String name) {
        try (InputStream in = Objects.requireNonNull(Golden.class.getResourceAsStream("golden/" + name), name)) {
            return new String(in.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

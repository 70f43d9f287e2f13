package io.narthex.access;

import io.narthex.compiler.model.ServerAddress;
import io.narthex.prometheus.Credentials;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.Trust;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** The way into the Prometheus that runs on a state folder of this machine. */
public final class LocalAccess {

    private static final String WEB_CONFIG = "web.yml";

    private final Path config;
    private final Optional<Identity> identity;

    /**
     * Makes the way in.
     *
     * @param stateFolder the state folder
     * @param identity as whom to come; empty where the state folder keeps no identity
     */
    public LocalAccess(Path stateFolder, Optional<Identity> identity) {
        this.config = stateFolder.resolve("config");
        this.identity = identity;
    }

    /** Returns the endpoint of the Prometheus that listens at {@code address}. */
    public PrometheusEndpoint endpoint(ServerAddress address) {
        return admitted(PrometheusEndpoint.local(address, Trust.defaults(), Credentials.none()));
    }

    /** Returns the endpoint of the Prometheus at {@code url}, which was started on this state folder. */
    public PrometheusEndpoint endpoint(URI url) {
        return admitted(PrometheusEndpoint.of(url));
    }

    private PrometheusEndpoint admitted(PrometheusEndpoint endpoint) {
        return new PrometheusEndpoint(
                endpoint.base(),
                new Trust.Presented(this::certificate),
                identity.map(Identity::credentials).orElse(Credentials.none()),
                identity.map(Identity::clientCertificate));
    }

    /**
     * Returns the server's certificate in PEM. Read anew each time, like the server itself reads it at each handshake
     * (exporter-toolkit, {@code web/tls_config.go}, GetConfigForClient): so a certificate that was replaced is known to
     * both at once, and nobody else's is taken for it.
     */
    private String certificate() throws IOException {
        Path file = config.resolve(certificateFile());
        if (!Files.isRegularFile(file)) {
            throw new IOException("the server's certificate file isn't there");
        }
        return Files.readString(file, StandardCharsets.UTF_8);
    }

    private String certificateFile() throws IOException {
        Path web = config.resolve(WEB_CONFIG);
        if (!Files.isRegularFile(web)) {
            throw new IOException("the server's web configuration isn't there");
        }
        try {
            Object root = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(web));
            if (root instanceof Map<?, ?> sections
                    && sections.get("tls_server_config") instanceof Map<?, ?> tls
                    && tls.get("cert_file") instanceof String name) {
                return name;
            }
        } catch (YamlEngineException e) {
            // Its message would quote the file, which holds hashes of passwords.
        }
        throw new IOException("the server's web configuration names no certificate");
    }
}

package io.narthex.compiler.model;

import io.narthex.api.v1alpha1.PrometheusServerSpec;
import java.util.Optional;

/**
 * What the compiler needs to know besides the declared resources.
 *
 * @param version the release of Prometheus that is to run
 * @param layout where that process finds its files
 * @param platform where it runs
 * @param listen replaces the address that the resource declares, such as by {@code --listen}; empty to keep it
 * @param resourceFolder the absolute path of the folder of the resources, at which relative paths of target files
 *     start; empty where the process can't see it
 * @param allowDataLoss whether the user allowed this run to delete samples, beside the resource's own field
 * @param operator as whom Narthex comes to the server, where that asks; empty where it doesn't come
 * @param discovery where Narthex serves targets to the server; empty where the server can't reach Narthex
 */
public record CompileOptions(
        PrometheusVersion version,
        Layout layout,
        Platform platform,
        Optional<Listen> listen,
        Optional<String> resourceFolder,
        boolean allowDataLoss,
        Optional<OperatorIdentity> operator,
        Optional<DiscoveryService> discovery) {

    /**
     * An address to listen on.
     *
     * @param host the address, such as {@code 127.0.0.1}
     * @param port the TCP port
     */
    public record Listen(String host, int port) {}

    /** Returns the options of a local process that leave all else to the resources. */
    public static CompileOptions local(PrometheusVersion version, Layout layout) {
        return of(Platform.LOCAL, version, layout);
    }

    /**
     * Returns the options of a server that Narthex runs in containers, which leave all else to the resources. The release is
     * the one that the server's resource names, or else its image's tag.
     */
    public static CompileOptions inContainers(Platform platform, PrometheusServerSpec server, Layout layout) {
        Optional<PrometheusVersion> named =
                Optional.ofNullable(server.version()).flatMap(PrometheusVersion::parse);
        return of(platform, named.or(() -> tag(server)).orElse(PrometheusVersion.NEWEST_KNOWN), layout);
    }

    /** Returns the release that the tag of a server's image says; empty for no image, or one whose tag says none. */
    public static Optional<PrometheusVersion> tag(PrometheusServerSpec server) {
        return Optional.ofNullable(server.image())
                .map(image -> image.split("@", 2)[0])
                .filter(image -> image.lastIndexOf(':') > image.lastIndexOf('/'))
                .flatMap(image -> PrometheusVersion.parse(image.substring(image.lastIndexOf(':') + 1)));
    }

    /** Returns options that leave all else to the resources. */
    public static CompileOptions of(Platform platform, PrometheusVersion version, Layout layout) {
        return new CompileOptions(
                version,
                layout,
                platform,
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                Optional.empty());
    }

    /** Returns these options with another address to listen on. */
    public CompileOptions withListen(String host, int port) {
        return new CompileOptions(
                version,
                layout,
                platform,
                Optional.of(new Listen(host, port)),
                resourceFolder,
                allowDataLoss,
                operator,
                discovery);
    }

    /** Returns these options with the user's word that samples may be deleted, or without it. */
    public CompileOptions withAllowDataLoss(boolean allowed) {
        return new CompileOptions(version, layout, platform, listen, resourceFolder, allowed, operator, discovery);
    }

    /** Returns these options with the folder, an absolute path, at which relative paths of target files start. */
    public CompileOptions withResourceFolder(String folder) {
        return new CompileOptions(
                version, layout, platform, listen, Optional.of(folder), allowDataLoss, operator, discovery);
    }

    /** Returns these options with the identity that Narthex has at the server. */
    public CompileOptions withOperator(OperatorIdentity identity) {
        return new CompileOptions(
                version, layout, platform, listen, resourceFolder, allowDataLoss, Optional.of(identity), discovery);
    }

    /** Returns these options with the place at which Narthex serves targets to the server. */
    public CompileOptions withDiscovery(DiscoveryService service) {
        return new CompileOptions(
                version, layout, platform, listen, resourceFolder, allowDataLoss, operator, Optional.of(service));
    }
}

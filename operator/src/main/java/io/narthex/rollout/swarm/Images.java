package io.narthex.rollout.swarm;

import io.narthex.api.v1alpha1.ResolveImage;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.ImageName;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the image of a server comes from: with which login, and which digest its tag means. Docker's daemon leaves both to
 * whoever writes a service (source: docker/cli, {@code cli/command/service/trust.go}).
 *
 * <p>For one thread.
 */
final class Images {

    private static final Logger LOG = LoggerFactory.getLogger(Images.class);

    private final DockerClient docker;
    private final ResourceKey server;
    /** Why the registry didn't tell the digest of the image that was looked up last. */
    private Optional<Silence> silence = Optional.empty();

    private record Silence(String image, String reason) {}

    /**
     * What to write into a service.
     *
     * @param image the image, with its digest where that is known
     * @param auth what the registry asks for; empty for nothing. Prints as what it is, so it must not be printed
     */
    record Choice(String image, Optional<String> auth) {
        @Override
        public String toString() {
            return image;
        }
    }

    Images(DockerClient docker, ResourceKey server) {
        this.docker = docker;
        this.server = server;
    }

    /**
     * Returns what to write.
     *
     * @param wanted the image that is declared
     * @param there the image that the service has; empty for a service that is to be made
     */
    Choice choose(ImageRules rules, String wanted, Optional<String> there) throws InterruptedException {
        ImageName image = new ImageName(wanted);
        Optional<String> auth = rules.logins().header(image);
        if (image.hasDigest() || rules.resolve() == ResolveImage.NEVER) {
            return new Choice(wanted, auth);
        }
        boolean same = there.filter(text -> new ImageName(text).withoutDigest().equals(wanted))
                .isPresent();
        if (same && rules.resolve() == ResolveImage.CHANGED) {
            return new Choice(there.orElseThrow(), auth);
        }
        try {
            String digest = docker.digest(image, auth);
            silence = Optional.empty();
            return new Choice(wanted + "@" + digest, auth);
        } catch (DockerException e) {
            // The nodes may have the image, or get it where the manager can't; if not, Swarm says so.
            LOG.info("{}: the digest of {} isn't known, so nodes take its tag: {}", server, wanted, e.words());
            silence = Optional.of(new Silence(wanted, e.words()));
            return new Choice(wanted, auth);
        }
    }

    /**
     * Returns why a node can't run an image; empty where an error is about something else.
     *
     * @param error what Swarm says, such as {@code No such image: prom/prometheus:v9}
     * @param asked the image as the task names it
     * @param node the node's host name
     */
    Optional<Diagnostic> missing(ImageRules rules, String error, String asked, String node) {
        String lower = error.toLowerCase(Locale.ROOT);
        if (!lower.contains("no such image")
                && !lower.contains("pull access denied")
                && !lower.contains("manifest unknown")) {
            return Optional.empty();
        }
        ImageName image = new ImageName(new ImageName(asked).withoutDigest());
        String registry = image.registry();
        boolean loggedIn = rules.logins().header(image).isPresent();
        String login = loggedIn
                ? " with the login of the Docker secret " + rules.secret().orElse("")
                : rules.secret()
                        .map(secret -> ", for which the Docker secret " + secret
                                + (rules.logins().isKeptElsewhere(image)
                                        ? " has no password: a program of the machine keeps it (credsStore)"
                                        : " has no login"))
                        .orElse(" without a login");
        String reason = silence.filter(one -> one.image().equals(image.text()))
                .map(one -> "; asked by the manager: " + one.reason())
                .orElse("");
        return Optional.of(new Diagnostic(
                DiagnosticCode.IMAGE_NOT_AVAILABLE,
                DiagnosticCode.IMAGE_NOT_AVAILABLE.severity(),
                Optional.of(server),
                FieldPath.of("spec").field("image"),
                Optional.empty(),
                "the node " + node + " has no image " + image.text() + " and couldn't get it from " + registry + login
                        + reason,
                "",
                "check the name and tag; "
                        + (loggedIn
                                ? "see that its user may read the image"
                                : "for a private registry name a Docker secret with its login in"
                                        + " swarm.imageRegistryAuth")
                        + "; or load the image on the node: docker load"));
    }
}

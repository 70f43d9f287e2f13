package io.narthex.rollout.kubernetes;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.SecretValue;
import io.narthex.rollout.Release;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds what a release consists of: in what is desired, or in what was kept as the last good one. */
final class ReleaseSources {

    private final Desired desired;
    private final KeptRelease memory;

    ReleaseSources(Desired desired, KeptRelease memory) {
        this.desired = desired;
        this.memory = memory;
    }

    /** Returns where the content of files is that are desired or kept. */
    Content content() {
        Content here = desired.deployment()
                .<Content>map(deployment -> (path, digest) -> find(deployment.bundle(), path, digest))
                .orElse((path, digest) -> Optional.empty());
        return here.or(memory.content());
    }

    private static Optional<byte[]> find(Bundle bundle, String path, String digest) {
        @Nullable
        BundleFile file =
                path.equals(Release.INDEX) ? bundle.index() : bundle.files().get(path);
        if (file != null && file.digest().equals(digest)) {
            return Optional.of(file.content());
        }
        SecretValue secret = bundle.credentials().get(path);
        return secret != null && Release.digest(secret).equals(digest)
                ? Optional.of(secret.reveal())
                : Optional.empty();
    }

    /**
     * Returns how to run a release: with the template of the version that it is, or that it came from.
     *
     * @throws NotAtHand where it is neither desired nor kept
     */
    Version version(Release release) throws NotAtHand {
        Version base = desired.deployment()
                .map(Deployment::version)
                .filter(version -> version.release().configuration().equals(release.configuration()))
                .or(() -> memory.lastGood()
                        .filter(version -> version.release().configuration().equals(release.configuration())))
                .orElseThrow(() -> new NotAtHand("generation " + release.generation() + " isn't at hand"));
        return new Version(release, base.template());
    }
}

package io.narthex.rollout.process;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.ServerAddress;
import io.narthex.rollout.Release;
import java.util.List;

/**
 * A release with what it takes to run it.
 *
 * @param release the release
 * @param flags the command line without the program's name
 * @param address where it listens
 * @param content where its files' content is
 */
record Version(Release release, List<String> flags, ServerAddress address, Content content) {

    Version {
        flags = List.copyOf(flags);
    }

    static Version of(Bundle bundle) {
        return new Version(Release.of(bundle), bundle.flags(), bundle.address(), (path, digest, target) -> {
            BundleFile file = path.equals(bundle.index().path())
                    ? bundle.index()
                    : bundle.files().get(path);
            if (file != null && file.digest().equals(digest)) {
                PrivateFiles.write(target, file.chunks());
                return true;
            }
            SecretValue secret = bundle.credentials().get(path);
            if (secret != null && Release.digest(secret).equals(digest)) {
                PrivateFiles.write(target, List.of(secret.reveal()));
                return true;
            }
            return false;
        });
    }
}

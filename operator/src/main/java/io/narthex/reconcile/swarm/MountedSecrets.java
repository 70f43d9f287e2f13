package io.narthex.reconcile.swarm;

import io.narthex.docker.RegistryLogins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The Docker secrets that are mounted into the operator's own service: the only ones that it can read, since Docker tells
 * nobody what stands in a secret.
 */
final class MountedSecrets {

    /** What a Docker secret holds at most (source: swarmkit, {@code manager/controlapi/secret.go}). */
    private static final int MOST_BYTES = 500 * 1024;

    private final Path folder;

    MountedSecrets(Path folder) {
        this.folder = folder;
    }

    /** A secret isn't there, or isn't what it is to be. The message says so in words, without its content. */
    static final class Unusable extends Exception {
        private static final long serialVersionUID = 1;

        Unusable(String message) {
            super(message, null, false, false);
        }

        String words() {
            return String.valueOf(getMessage());
        }
    }

    /**
     * Returns the content of a secret.
     *
     * @param field the field that names it
     * @param service the operator's own service; empty where it is none
     */
    byte[] read(String name, String field, Optional<String> service) throws Unusable {
        Path file = folder.resolve(name).normalize();
        String secret = "the Docker secret " + name + ", which " + field + " names,";
        if (!folder.normalize().equals(file.getParent()) || !Files.isRegularFile(file)) {
            throw new Unusable(secret + " isn't mounted into the operator; "
                    + service.map(own -> "docker service update --secret-add " + name + " " + own
                                    + ", and list it in the operator's stack file")
                            .orElse("lay it into " + folder));
        }
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw new Unusable(secret + " is larger than a Docker secret can be");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new Unusable(secret + " can't be read by the operator; mount it with a mode such as 0444");
        }
    }

    /** Returns the logins of registries in a secret. */
    RegistryLogins logins(String name, Optional<String> service) throws Unusable {
        String field = "swarm.imageRegistryAuth";
        try {
            return RegistryLogins.parse(read(name, field, service));
        } catch (RegistryLogins.Unusable e) {
            throw new Unusable("the Docker secret " + name + ", which " + field + " names, " + e.reason());
        }
    }
}

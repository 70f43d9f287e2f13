package io.narthex.cli.input;

import io.narthex.access.Identity;
import io.narthex.access.IdentityFile;
import io.narthex.access.LocalAccess;
import io.narthex.cli.terminal.Output;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;

/** How commands beside a run come to its Prometheus: with the run's own identity, which only its user can read. */
public final class Visits {

    private Visits() {}

    /** Returns the identity that a state folder keeps; empty where it keeps none to use, after saying why. */
    public static Optional<Identity> identity(Path stateFolder, InstantSource clock, Output output) {
        return switch (new IdentityFile(stateFolder, new SecureRandom(), clock).read()) {
            case IdentityFile.Content.Usable(Identity identity) -> Optional.of(identity);
            case IdentityFile.Content.Missing() -> Optional.empty();
            case IdentityFile.Content.Unusable(String reason) -> {
                output.note("note: " + stateFolder.resolve(IdentityFile.NAME) + " " + reason
                        + "; a server with web users won't let narthex in until narthex run is started anew");
                yield Optional.empty();
            }
        };
    }

    /** Returns the way to the Prometheus of a run. */
    public static LocalAccess access(Path stateFolder, InstantSource clock, Output output) {
        return new LocalAccess(stateFolder, identity(stateFolder, clock, output));
    }
}

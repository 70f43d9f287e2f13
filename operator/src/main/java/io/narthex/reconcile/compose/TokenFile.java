package io.narthex.reconcile.compose;

import io.narthex.compiler.model.SecretValue;
import io.narthex.reconcile.RandomToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.Set;
import java.util.random.RandomGenerator;

/** The token with which the server asks for targets: made once, kept in a file that only its user can read. */
final class TokenFile {

    private final String token;

    private TokenFile(String token) {
        this.token = token;
    }

    /**
     * Returns the token that the file holds; makes one where it holds none.
     *
     * @param random must not be guessable
     * @throws IOException where the file can be neither read nor written
     */
    static TokenFile open(Path file, RandomGenerator random) throws IOException {
        if (Files.isRegularFile(file)) {
            String known = Files.readString(file).strip();
            if (RandomToken.isLike(known)) {
                return new TokenFile(known);
            }
        }
        String fresh = RandomToken.make(random);
        Path beside = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(beside);
        try (var channel = Files.newByteChannel(
                beside,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(StandardCharsets.US_ASCII.encode(fresh));
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return new TokenFile(fresh);
    }

    SecretValue value() {
        return SecretValue.of(token);
    }

    boolean isSame(String presented) {
        return MessageDigest.isEqual(
                token.getBytes(StandardCharsets.UTF_8), presented.getBytes(StandardCharsets.UTF_8));
    }
}

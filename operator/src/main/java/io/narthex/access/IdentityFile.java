package io.narthex.access;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/**
 * The file {@value #NAME} of a state folder, which keeps the {@link Identity} from run to run, so that no restart of
 * Narthex changes what Prometheus reads. Whoever deletes it gets another identity with the next run.
 */
public final class IdentityFile {

    /** The file's name. */
    public static final String NAME = "operator.json";

    private static final int MOST_BYTES = 64 * 1024;
    private static final Set<PosixFilePermission> OF_OTHERS = PosixFilePermissions.fromString("---rwxrwx");
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /** What the file holds. */
    public sealed interface Content {

        /**
         * An identity.
         *
         * @param identity which one
         */
        record Usable(Identity identity) implements Content {}

        /** Nothing: there is no such file. */
        record Missing() implements Content {}

        /**
         * Something that can't be used.
         *
         * @param reason why, a phrase without a secret
         */
        record Unusable(String reason) implements Content {}
    }

    /**
     * The identity of a run.
     *
     * @param identity the identity
     * @param note what the user should know of how it was had; empty for nothing
     */
    public record Obtained(Identity identity, Optional<Diagnostic> note) {}

    private final Path file;
    private final IdentityMaker maker;
    private final IdentityText text;

    /**
     * Names the file; touches nothing.
     *
     * @param stateFolder the folder that it lies in
     * @param random makes what nobody is to guess
     * @param clock tells the time
     */
    public IdentityFile(Path stateFolder, SecureRandom random, InstantSource clock) {
        this.file = stateFolder.resolve(NAME);
        this.maker = new IdentityMaker(random, clock);
        this.text = new IdentityText(clock);
    }

    /**
     * Returns the identity that the file keeps; makes one where there is none, or one that can't be used. To be called
     * by the one run that owns the state folder.
     *
     * @throws IOException where the file can't be written
     */
    public Obtained obtain() throws IOException {
        return switch (read()) {
            case Content.Usable(Identity identity) -> new Obtained(identity, Optional.empty());
            case Content.Missing() -> new Obtained(renewed(), Optional.empty());
            case Content.Unusable(String reason) ->
                new Obtained(
                        renewed(),
                        Optional.of(new Diagnostic(
                                DiagnosticCode.OPERATOR_IDENTITY_RENEWED,
                                DiagnosticCode.OPERATOR_IDENTITY_RENEWED.severity(),
                                Optional.empty(),
                                FieldPath.ROOT,
                                Optional.empty(),
                                "Narthex made itself another user and certificate, since " + file + " " + reason,
                                "",
                                "leave the file to Narthex; delete it to have another made")));
        };
    }

    private Identity renewed() throws IOException {
        Identity identity = maker.make();
        write(identity);
        return identity;
    }

    /** Returns what the file holds; never throws for what a user or another program did to it. */
    public Content read() {
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                return new Content.Missing();
            }
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return new Content.Unusable("is no plain file");
            }
            if (isPosix() && Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
                return new Content.Unusable("was open to other users of this machine");
            }
            if (Files.size(file) > MOST_BYTES) {
                return new Content.Unusable("is damaged: it is too large");
            }
            return new Content.Usable(text.read(Files.readAllBytes(file)));
        } catch (IdentityText.Unusable e) {
            return new Content.Unusable(e.reason());
        } catch (FileSystemException e) {
            return new Content.Unusable("can't be read" + (e.getReason() == null ? "" : ": " + e.getReason()));
        } catch (IOException e) {
            return new Content.Unusable("can't be read");
        }
    }

    private static boolean isPosix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }

    /** Replaces the file at once, by one that only its user could ever read. */
    private void write(Identity identity) throws IOException {
        byte[] content = text.write(identity);
        Path fresh = file.resolveSibling(NAME + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                isPosix() ? new FileAttribute<?>[] {PRIVATE} : new FileAttribute<?>[0])) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}

package io.narthex.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The folders in examples/: whatever lies there now. */
public final class Examples {

    public static final Path ROOT = Path.of("..", "examples");

    /** Files for docker stack deploy and docker compose, beside some resources: no folders of resources. */
    private static final Set<String> DOCKER = Set.of("swarm", "compose");

    /** The one that is deliberately wrong. */
    static final String BROKEN = "broken";
    /** Those that a cluster runs, and not a folder. */
    private static final String KUBERNETES = "kubernetes";

    private Examples() {}

    /** Returns the names of the folders that {@code narthex run} runs. */
    static List<String> names() {
        return all().stream()
                .filter(name -> !name.equals(BROKEN) && !name.equals(KUBERNETES))
                .toList();
    }

    /** Returns all folders' names, ordered. */
    static List<String> all() {
        try (Stream<Path> entries = Files.list(ROOT)) {
            return entries.filter(Files::isDirectory)
                    .map(folder -> folder.getFileName().toString())
                    .filter(name -> !DOCKER.contains(name))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Copies what Narthex reads of an example into {@code target}; credentials get the mode that Git doesn't keep. */
    static Path copy(String name, Path target) throws IOException {
        Path from = ROOT.resolve(name);
        try (Stream<Path> entries = Files.walk(from)) {
            for (Path file : entries.filter(Files::isRegularFile).toList()) {
                Path to = target.resolve(from.relativize(file));
                Files.createDirectories(to.getParent());
                Files.copy(file, to);
                if (file.toString().contains(".secrets")) {
                    Files.setPosixFilePermissions(to, PosixFilePermissions.fromString("rw-------"));
                }
            }
        }
        return target;
    }

    static String read(String file) throws IOException {
        return Files.readString(ROOT.resolve(file), UTF_8);
    }
}

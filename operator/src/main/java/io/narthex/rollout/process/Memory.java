package io.narthex.rollout.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.compiler.model.ServerAddress;
import io.narthex.rollout.Refusal;
import io.narthex.rollout.Release;
import io.narthex.rollout.ReleaseJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * What outlives the operator: a complete copy of the last good release, and why another was refused. The copy lies in a
 * folder of its own; the file {@code current} names that folder and is replaced when it is complete and on the disk, so
 * that at any time one complete copy is named. For one thread.
 */
final class Memory {

    private static final String CURRENT = "current";
    private static final String MANIFEST = "release.json";
    private static final String REFUSED = "refused.json";
    private static final String FILES = "files";

    private final Path folder;
    private Optional<Version> lastGood;
    private Optional<Refusal> refusal;

    Memory(Path folder) {
        this.folder = folder;
        lastGood = readLastGood();
        refusal = readRefusal();
    }

    Optional<Version> lastGood() {
        return lastGood;
    }

    Optional<Refusal> refusal() {
        return refusal;
    }

    void keep(Version version) throws IOException {
        Release release = version.release();
        String name = release.generation() + "-" + Long.toHexString(System.nanoTime());
        Path copy = folder.resolve(name);
        try {
            for (Map.Entry<String, String> file : release.files().entrySet()) {
                Path target = copy.resolve(FILES).resolve(file.getKey());
                if (!version.content().write(file.getKey(), file.getValue(), target)) {
                    throw new IOException("the content of " + file.getKey() + " isn't at hand");
                }
                PrivateFiles.sync(target);
            }
            PrivateFiles.write(copy.resolve(MANIFEST), List.of(ReleaseJson.bytes(manifest(version))));
            PrivateFiles.sync(copy.resolve(MANIFEST));
            PrivateFiles.sync(copy);
            replace(CURRENT, name.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            PrivateFiles.deleteTree(copy);
            throw e;
        }
        lastGood = Optional.of(new Version(release, version.flags(), version.address(), stored(copy, release)));
        deleteAllBut(name);
    }

    void note(Refusal why) throws IOException {
        replace(REFUSED, ReleaseJson.bytes(ReleaseJson.of(why)));
        refusal = Optional.of(why);
    }

    private void replace(String name, byte[] content) throws IOException {
        Path fresh = folder.resolve("." + name + ".new");
        PrivateFiles.write(fresh, List.of(content));
        PrivateFiles.sync(fresh);
        PrivateFiles.replace(fresh, folder.resolve(name));
        PrivateFiles.sync(folder);
    }

    private void deleteAllBut(String name) throws IOException {
        List<Path> folders;
        try (Stream<Path> list = Files.list(folder)) {
            folders = list.filter(Files::isDirectory)
                    .filter(path -> !path.getFileName().toString().equals(name))
                    .toList();
        }
        for (Path old : folders) {
            PrivateFiles.deleteTree(old);
        }
    }

    private static Content stored(Path copy, Release release) {
        SortedMap<String, String> named = release.files();
        return (path, digest, target) -> {
            Path source = copy.resolve(FILES).resolve(path);
            if (!digest.equals(named.get(path)) || !Files.isRegularFile(source)) {
                return false;
            }
            PrivateFiles.write(target, List.of(Files.readAllBytes(source)));
            return true;
        };
    }

    private Optional<Version> readLastGood() {
        try {
            Path current = folder.resolve(CURRENT);
            if (!Files.isRegularFile(current)) {
                return Optional.empty();
            }
            Path copy = folder.resolve(Files.readString(current).strip());
            return Optional.of(version(ReleaseJson.read(Files.readAllBytes(copy.resolve(MANIFEST))), copy));
        } catch (IOException | RuntimeException e) {
            // One that can't be understood is none: what is desired will be verified and kept anew.
            return Optional.empty();
        }
    }

    private Optional<Refusal> readRefusal() {
        try {
            Path file = folder.resolve(REFUSED);
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            return Optional.of(ReleaseJson.refusal(ReleaseJson.read(Files.readAllBytes(file))));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static ObjectNode manifest(Version version) {
        ObjectNode root = ReleaseJson.of(version.release());
        version.flags().forEach(root.putArray("flags")::add);
        root.putObject("address")
                .put("host", version.address().host())
                .put("port", version.address().port())
                .put("tls", version.address().tls())
                .put("routePrefix", version.address().routePrefix());
        return root;
    }

    private static Version version(JsonNode root, Path copy) {
        Release release = ReleaseJson.release(root);
        List<String> flags = new ArrayList<>();
        root.required("flags").forEach(flag -> flags.add(flag.asText()));
        JsonNode address = root.required("address");
        return new Version(
                release,
                flags,
                new ServerAddress(
                        address.required("host").asText(),
                        address.required("port").intValue(),
                        address.required("tls").booleanValue(),
                        address.required("routePrefix").asText()),
                stored(copy, release));
    }
}

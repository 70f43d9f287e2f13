package io.narthex.reconcile.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a run writes down for other commands, {@code server.json} in its state folder; gone when it ends.
 *
 * @param pid the narthex that runs
 * @param url where its Prometheus is
 * @param version the release of Prometheus
 * @param generation the generation that is verified
 * @param flags the command line that it was started with
 * @param jobs the names of its scrape jobs
 * @param alertmanagers how many entries of Alertmanagers are declared for it
 */
public record RunningServer(
        long pid,
        URI url,
        String version,
        String generation,
        List<String> flags,
        List<String> jobs,
        int alertmanagers) {

    private static final String NAME = "server.json";
    private static final int SCHEMA_VERSION = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    public RunningServer {
        flags = List.copyOf(flags);
        jobs = List.copyOf(jobs);
    }

    /** Writes it into a state folder, in place of another. */
    public void write(Path stateFolder) throws IOException {
        ObjectNode root = JSON.createObjectNode()
                .put("schemaVersion", SCHEMA_VERSION)
                .put("pid", pid)
                .put("url", url.toString())
                .put("version", version)
                .put("generation", generation)
                .put("alertmanagers", alertmanagers);
        flags.forEach(root.putArray("flags")::add);
        jobs.forEach(root.putArray("jobs")::add);
        Path fresh = stateFolder.resolve(NAME + ".new");
        Files.write(fresh, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
        Files.move(
                fresh, stateFolder.resolve(NAME), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Removes it from a state folder. */
    public static void remove(Path stateFolder) throws IOException {
        Files.deleteIfExists(stateFolder.resolve(NAME));
    }

    /** Returns what runs on a state folder; empty where nothing does, though a killed run left its note. */
    public static Optional<RunningServer> find(Path stateFolder) {
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(stateFolder.resolve(NAME)));
            if (root.path("schemaVersion").asInt() != SCHEMA_VERSION) {
                return Optional.empty();
            }
            long pid = root.path("pid").asLong();
            if (ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isEmpty()) {
                return Optional.empty();
            }
            return Optional.of(new RunningServer(
                    pid,
                    URI.create(root.path("url").asText()),
                    root.path("version").asText(),
                    root.path("generation").asText(),
                    texts(root.path("flags")),
                    texts(root.path("jobs")),
                    root.path("alertmanagers").asInt()));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}

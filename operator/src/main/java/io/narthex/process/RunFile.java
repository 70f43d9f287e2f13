package io.narthex.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads and replaces {@code run.json}. One that can't be understood counts as none. */
final class RunFile {

    private static final int MOST_BYTES = 1024 * 1024;

    private final Path file;
    private final ObjectMapper json = new ObjectMapper();

    RunFile(Path file) {
        this.file = file;
    }

    RunRecord read() {
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > MOST_BYTES) {
                return RunRecord.EMPTY;
            }
            JsonNode root = json.readTree(Files.readAllBytes(file));
            return new RunRecord(
                    Optional.of(root.path("narthex"))
                            .filter(node -> node.path("pid").isIntegralNumber())
                            .map(node -> new RunRecord.Owner(
                                    node.path("pid").longValue(),
                                    node.path("startedAt").longValue())),
                    Optional.of(root.path("prometheus"))
                            .filter(node -> node.path("pid").isIntegralNumber())
                            .map(node -> new RunRecord.Child(
                                    node.path("pid").longValue(),
                                    node.path("startedAt").longValue(),
                                    texts(node.path("command")))));
        } catch (IOException e) {
            return RunRecord.EMPTY;
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(node -> texts.add(node.asText()));
        return texts;
    }

    /** Replaces the file at once, so that a reader sees the old or the new one. */
    void write(RunRecord record) throws IOException {
        ObjectNode root = json.createObjectNode().put("schemaVersion", 1);
        record.owner()
                .ifPresent(owner ->
                        root.putObject("narthex").put("pid", owner.pid()).put("startedAt", owner.startedAt()));
        record.prometheus().ifPresent(child -> {
            ObjectNode node =
                    root.putObject("prometheus").put("pid", child.pid()).put("startedAt", child.startedAt());
            ArrayNode command = node.putArray("command");
            child.command().forEach(command::add);
        });
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.write(fresh, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}

package io.narthex.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/** Another image of what an archive holds: the same layers under a label and a name of its own, as the next build has. */
final class NextImage {

    private static final ObjectMapper JSON = new ObjectMapper();

    private NextImage() {}

    /** Writes it beside the archive, as {@code docker save} would; returns where. */
    static Path of(Path archive, Cluster.Image name) throws IOException {
        Path next = archive.resolveSibling("next-" + archive.getFileName());
        try (TarArchiveInputStream in =
                        new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(archive)));
                TarArchiveOutputStream out =
                        new TarArchiveOutputStream(new BufferedOutputStream(Files.newOutputStream(next)))) {
            out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
            for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                switch (entry.getName()) {
                    case "config.json" -> {
                        ObjectNode config = (ObjectNode) JSON.readTree(in.readAllBytes());
                        config.withObject("/config/Labels").put("org.opencontainers.image.version", name.tag());
                        write(out, entry, config);
                    }
                    case "manifest.json" -> {
                        ArrayNode manifest = (ArrayNode) JSON.readTree(in.readAllBytes());
                        ((ObjectNode) manifest.get(0)).putArray("RepoTags").add(name.toString());
                        write(out, entry, manifest);
                    }
                    default -> {
                        out.putArchiveEntry(entry);
                        in.transferTo(out);
                        out.closeArchiveEntry();
                    }
                }
            }
        }
        return next;
    }

    private static void write(TarArchiveOutputStream out, TarArchiveEntry entry, JsonNode content) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(content);
        entry.setSize(bytes.length);
        out.putArchiveEntry(entry);
        out.write(bytes);
        out.closeArchiveEntry();
    }
}

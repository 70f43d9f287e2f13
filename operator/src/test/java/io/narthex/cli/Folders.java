package io.narthex.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Small folders that tests of several commands read. */
public final class Folders {

    private static final String HEAD = "apiVersion: monitoring.narthex.io/v1alpha1\n";

    private Folders() {}

    public static String monitor(String name, String interval) {
        return HEAD + """
                kind: Monitor
                metadata:
                  name: %s
                spec:
                  source:
                    static:
                      targets: ["127.0.0.1:8000"]
                  endpoints:
                    - interval: %s
                      timeout: 5s
                """.formatted(name, interval);
    }

    public static String server(String spec) {
        return HEAD + "kind: PrometheusServer\nmetadata:\n  name: main\nspec:\n" + spec.indent(2);
    }

    /** Writes a folder that is clean. */
    public static Path clean(Path folder) throws IOException {
        write(folder, "server.yaml", server("retention: {time: 15d}"));
        write(folder, "web.yaml", monitor("web", "15s"));
        return folder;
    }

    /** Writes a folder with one error, in line 12 of web.yaml. */
    public static Path wrong(Path folder) throws IOException {
        clean(folder);
        write(folder, "web.yaml", monitor("web", "1s"));
        return folder;
    }

    /** Writes a folder with one warning and no error. */
    public static Path doubtful(Path folder) throws IOException {
        clean(folder);
        write(folder, "empty.yaml", "# soon\n");
        return folder;
    }

    public static void write(Path folder, String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }
}

package io.narthex.compiler;

import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.BundleFile;
import io.narthex.compiler.model.SecretValue;
import io.narthex.testing.Promcheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A bundle as Prometheus finds it: files in a folder. */
final class WrittenBundle {

    private WrittenBundle() {}

    /** Returns why the release refuses the bundle, once it lies in {@code folder}; empty where it takes it. */
    static Optional<String> refusal(Promcheck release, Bundle bundle, Path folder, boolean agent) throws IOException {
        Files.createDirectories(folder);
        write(folder, bundle.index());
        for (BundleFile file : bundle.files().values()) {
            write(folder, file);
        }
        for (Map.Entry<String, SecretValue> credential : bundle.credentials().entrySet()) {
            Path path = folder.resolve(credential.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, credential.getValue().reveal());
        }
        Optional<String> refusal = release.config(folder.resolve("prometheus.yml"), agent);
        Path web = folder.resolve("web.yml");
        return refusal.isEmpty() && Files.exists(web) ? release.web(web) : refusal;
    }

    private static void write(Path folder, BundleFile file) throws IOException {
        Files.write(folder.resolve(file.path()), file.content());
    }
}

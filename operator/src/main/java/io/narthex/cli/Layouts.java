package io.narthex.cli;

import io.narthex.compiler.model.Layout;
import java.nio.file.Path;

/** Where Prometheus finds its files, for commands that run none. */
final class Layouts {

    /** Where packages and images of Prometheus have theirs. */
    static final Layout USUAL = new Layout("/etc/prometheus", "/prometheus");

    private Layouts() {}

    /** Returns the layout of a configuration written into {@code folder}. */
    static Layout in(Path folder) {
        String text = folder.toAbsolutePath().normalize().toString().replace('\\', '/');
        return new Layout(text, text + "/data");
    }
}

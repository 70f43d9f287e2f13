package io.narthex.cli.check;

import io.narthex.compiler.model.Layout;
import java.nio.file.Path;

/** Where Prometheus finds its files, for commands that run none. */
public final class Layouts {

    /** Where packages and images of Prometheus have theirs. */
    public static final Layout USUAL = new Layout("/etc/prometheus", "/prometheus");

    private Layouts() {}

    /** Returns the layout of a configuration written into {@code folder}. */
    public static Layout in(Path folder) {
        String text = folder.toAbsolutePath().normalize().toString().replace('\\', '/');
        return new Layout(text, text + "/data");
    }
}

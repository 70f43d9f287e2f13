package io.narthex.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What to run.
 *
 * @param program the program
 * @param flags its command line without the program's name
 * @param labels what the caller wants to know later of the process that runs, such as its restart key
 */
public record Launch(Path program, List<String> flags, Map<String, String> labels) {
    public Launch {
        flags = List.copyOf(flags);
        labels = Map.copyOf(labels);
    }
}

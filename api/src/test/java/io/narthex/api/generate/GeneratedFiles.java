package io.narthex.api.generate;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The files that are made from the types, as they should be. */
final class GeneratedFiles {
    private static final String HEADER = "# Made from the types in api/ by: make crds\n";

    private GeneratedFiles() {}

    /**
     * The files' content, by their paths below the repository.
     *
     * @param repository the folder of the repository
     */
    static Map<Path, String> all(Path repository) {
        Crds crds = new Crds(repository.resolve("api/src/main/java/io/narthex/api/v1alpha1"));
        Map<Path, String> files = new TreeMap<>();
        for (Crds.Kind kind : Crds.KINDS) {
            ObjectNode crd = crds.crd(kind);
            files.put(Path.of("crds", crd.at("/spec/names/plural").textValue() + ".yaml"), HEADER + YamlText.of(crd));
            files.put(
                    Path.of("docs/reference", kind.name().toLowerCase(Locale.ROOT) + ".md"),
                    new ReferencePage(crds.docs(), kind, crd).text());
        }
        return files;
    }
}

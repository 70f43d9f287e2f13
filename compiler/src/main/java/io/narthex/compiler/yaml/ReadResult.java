package io.narthex.compiler.yaml;

import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import java.util.List;

/**
 * What one file holds.
 *
 * @param resources the resources without an error, in the order of the file; the same resource may be there twice
 * @param diagnostics what is wrong, in the order of the file
 */
public record ReadResult(List<Declared<?>> resources, List<Diagnostic> diagnostics) {

    public ReadResult {
        resources = List.copyOf(resources);
        diagnostics = List.copyOf(diagnostics);
    }
}

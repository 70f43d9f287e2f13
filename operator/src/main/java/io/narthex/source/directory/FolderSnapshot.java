package io.narthex.source.directory;

import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.SecretValue;
import java.util.List;
import java.util.SortedMap;

/**
 * What a folder declares at one moment. A resource whose file didn't change since the snapshot before is the very same
 * instance.
 *
 * @param resources all valid resources, ordered by identity; no two of the same
 * @param credentials the credentials below {@code .secrets}, by {@code NAME/KEY}
 * @param diagnostics what is wrong with the files, in the order of {@link Diagnostic#ORDER}
 * @param files how many YAML files were read
 */
public record FolderSnapshot(
        List<Declared<?>> resources,
        SortedMap<String, SecretValue> credentials,
        List<Diagnostic> diagnostics,
        int files) {}

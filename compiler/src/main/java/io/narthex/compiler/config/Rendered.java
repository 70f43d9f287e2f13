package io.narthex.compiler.config;

import java.util.List;

/**
 * Configuration as bytes.
 *
 * @param bytes YAML in UTF-8, with a line feed at its end; not to be modified
 * @param findings what the release lacks or does differently; empty where all is as asked for
 */
// A value that passes from stage to stage at once; nobody compares it.
@SuppressWarnings("ArrayRecordComponent")
public record Rendered(byte[] bytes, List<Finding> findings) {

    public Rendered {
        findings = List.copyOf(findings);
    }
}

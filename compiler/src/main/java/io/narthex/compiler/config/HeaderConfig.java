package io.narthex.compiler.config;

import java.util.List;

/**
 * The values of one header of requests ("http_headers" of the Prometheus documentation).
 *
 * @param values values that are no secret
 * @param files the paths of files that each hold a value
 */
public record HeaderConfig(List<String> values, List<String> files) implements Part {

    public HeaderConfig {
        values = List.copyOf(values);
        files = List.copyOf(files);
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.HEADER_VALUES, values);
        out.write(ConfigField.HEADER_FILES, files);
    }
}

package io.narthex.compiler.config;

import java.util.List;

/**
 * A filter of Docker's API.
 *
 * @param name what is filtered by
 * @param values what is let through
 */
public record DockerFilter(String name, List<String> values) implements Part {

    public DockerFilter {
        values = List.copyOf(values);
    }

    @Override
    public void writeTo(ConfigWriter out) {
        out.write(ConfigField.DOCKER_FILTER_NAME, name);
        out.write(ConfigField.DOCKER_FILTER_VALUES, values);
    }
}

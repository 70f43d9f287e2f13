package io.narthex.compiler.yaml;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** A kind of resource that can be read, with its schema, which is loaded when the first resource of the kind is met. */
final class ResourceKind {

    private final String name;
    private final Class<?> spec;
    private final String definition;
    private final String version;
    /** Loading twice does no harm, so no lock. */
    private volatile @Nullable Schema schema;

    /**
     * Describes a kind.
     *
     * @param name the kind as in YAML
     * @param spec the type of its specification
     * @param definition the classpath resource that holds its CustomResourceDefinition
     * @param version the version to read
     */
    ResourceKind(String name, Class<?> spec, String definition, String version) {
        this.name = name;
        this.spec = spec;
        this.definition = definition;
        this.version = version;
    }

    String name() {
        return name;
    }

    Class<?> spec() {
        return spec;
    }

    Schema schema() {
        Schema loaded = schema;
        if (loaded == null) {
            try (InputStream in = ResourceKind.class.getClassLoader().getResourceAsStream(definition)) {
                if (in == null) {
                    throw new IllegalStateException(definition + " is not on the classpath");
                }
                loaded = SchemaReader.read(definition, in.readAllBytes(), version);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            schema = loaded;
        }
        return loaded;
    }
}

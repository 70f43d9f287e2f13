package io.narthex.compiler;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Layout;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.yaml.ReadResult;
import io.narthex.compiler.yaml.ResourceReader;

/** Resources for tests, written as users write them. */
final class Yaml {

    static final Layout LAYOUT = new Layout("/state/config", "/state/data");

    private static final ResourceReader READER = new ResourceReader();

    private Yaml() {}

    /** Returns the inventory of a file's resources, and of the default server where it declares none. */
    static Inventory inventory(String yaml) {
        return DefaultServer.addTo(add(Inventory.EMPTY, yaml));
    }

    /** Returns {@code inventory} with a file's resources. */
    static Inventory add(Inventory inventory, String yaml) {
        Inventory result = inventory;
        ReadResult read = READER.read("test.yaml", yaml.getBytes(UTF_8));
        if (!read.diagnostics().isEmpty()) {
            throw new IllegalArgumentException(read.diagnostics().toString());
        }
        for (Declared<?> resource : read.resources()) {
            result = result.with(resource);
        }
        return result;
    }

    /** Returns {@code inventory} with a credential of the namespace {@code default}. */
    static Inventory secret(Inventory inventory, String name, String key, String value) {
        return inventory.with(new SecretId("default", name, key), SecretValue.of(value));
    }

    /** Returns a Monitor of the default namespace with this specification, indented by two spaces. */
    static String monitor(String name, String spec) {
        return resource("Monitor", name, spec);
    }

    /** Returns a resource of the default namespace with this specification, indented by two spaces. */
    static String resource(String kind, String name, String spec) {
        return "---\napiVersion: monitoring.narthex.io/v1alpha1\nkind: " + kind + "\nmetadata:\n  name: " + name
                + "\nspec:\n" + spec.indent(2);
    }

    /** Returns the options of a local run of {@code version}. */
    static CompileOptions options(String version) {
        return CompileOptions.local(PrometheusVersion.parse(version).orElseThrow(), LAYOUT);
    }

    /** Returns what the default server makes of {@code inventory}. */
    static Compilation compile(Inventory inventory, String version) {
        return Compiler.create().compile(inventory, DefaultServer.KEY, options(version));
    }
}

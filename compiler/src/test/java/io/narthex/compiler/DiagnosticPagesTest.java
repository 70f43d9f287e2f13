package io.narthex.compiler;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.yaml.ReadResult;
import io.narthex.compiler.yaml.ResourceReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each diagnostic of resources has a page, and the example on it yields exactly that diagnostic. */
class DiagnosticPagesTest {

    private static final Pattern EXAMPLE = Pattern.compile("```(yaml|text)\n(.*?)```", Pattern.DOTALL);

    static Stream<DiagnosticCode> ofResources() {
        return Arrays.stream(DiagnosticCode.values())
                .filter(code -> code.id().matches("NX1[2345]\\d\\d")
                        && Integer.parseInt(code.id().substring(2)) % 100 < 20);
    }

    @ParameterizedTest
    @MethodSource("ofResources")
    void hasAPageWhoseExampleYieldsIt(DiagnosticCode code) throws IOException {
        String page = page(code);
        assertThat(page)
                .startsWith("# " + code.id() + " " + code.title() + "\n")
                .contains("\nRemedy: ");
        Matcher example = EXAMPLE.matcher(page);
        assertThat(example.find()).isTrue();
        if (example.group(1).equals("yaml")) {
            assertThat(codes(example.group(2))).containsOnly(code).isNotEmpty();
        }
    }

    private static String page(DiagnosticCode code) throws IOException {
        String name = "diagnostics/" + code.id() + ".md";
        try (InputStream in = Objects.requireNonNull(
                DiagnosticCode.class.getResourceAsStream("/io/narthex/compiler/" + name), name)) {
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private static List<DiagnosticCode> codes(String yaml) {
        ReadResult read = new ResourceReader().read("example.yaml", yaml.getBytes(UTF_8));
        Inventory inventory = Inventory.EMPTY;
        for (Declared<?> resource : read.resources()) {
            inventory = inventory.with(resource);
        }
        inventory = DefaultServer.addTo(inventory);
        Compiler compiler = Compiler.create();
        List<Diagnostic> all = new ArrayList<>(read.diagnostics());
        all.addAll(compiler.compile(
                        inventory, DefaultServer.KEY, Yaml.options("3.16.0").withResourceFolder("/srv"))
                .diagnostics());
        all.addAll(compiler.unselected(inventory));
        return all.stream().map(Diagnostic::code).toList();
    }
}

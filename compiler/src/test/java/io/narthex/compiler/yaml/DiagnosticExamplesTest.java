package io.narthex.compiler.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DiagnosticExamplesTest {

    private static final Pattern EXAMPLE = Pattern.compile("```(yaml|text)\n(.*?)\n```", Pattern.DOTALL);

    static Stream<DiagnosticCode> codes() {
        return Arrays.stream(DiagnosticCode.values())
                .filter(code -> code.id().compareTo("NX1050") < 0
                        || code.id().startsWith("NX11")
                        || code == DiagnosticCode.CREDENTIAL_INLINE);
    }

    @ParameterizedTest
    @MethodSource("codes")
    void theExampleOnThePageYieldsThatCodeAlone(DiagnosticCode code) throws IOException {
        String page = page(code);
        assertThat(page)
                .startsWith("# " + code.id() + " " + code.title() + "\n\n")
                .contains("\nRemedy: ");
        Matcher example = EXAMPLE.matcher(page);
        assertThat(example.find()).isTrue();
        if (example.group(1).equals("text")) {
            return;
        }
        ReadResult result =
                new ResourceReader().read("example.yaml", example.group(2).getBytes(StandardCharsets.UTF_8));
        assertThat(result.diagnostics()).extracting(Diagnostic::code).containsExactly(code);
    }

    private static String page(DiagnosticCode code) throws IOException {
        String name = "/io/narthex/compiler/diagnostics/" + code.id() + ".md";
        try (InputStream in = DiagnosticExamplesTest.class.getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

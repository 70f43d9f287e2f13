package io.narthex.compiler.template;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.testing.Promcheck;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What is refused of a template is what Prometheus's own parser refuses, of each release. */
class RuleTemplateIT {

    private static final int TEMPLATES = 3_000;
    private static final List<String> PIECES = List.of(
            "{{",
            "}}",
            "{{-",
            "{{- ",
            " -}}",
            " ",
            "\n",
            "-",
            "(",
            ")",
            "|",
            ":=",
            "=",
            ",",
            "$",
            "$x",
            "$labels",
            ".",
            ".a",
            "if ",
            "else ",
            "end",
            "range ",
            "with ",
            "define ",
            "block ",
            "template ",
            "break",
            "nil",
            "true",
            "\"a\"",
            "`b`",
            "'c'",
            "'cd'",
            "\"\\d\"",
            "1",
            "+",
            "-1.5e3",
            "0x1f",
            "3i",
            "print ",
            "humanise ",
            "len",
            "/*",
            "*/",
            "*",
            "%",
            "é",
            "_",
            "1+2i",
            "now",
            "urlQueryEscape \"a\"");

    /** Templates that are mostly right. */
    private static final class Grammar {

        private static final int DEPTH = 3;

        private final Random random;
        private int names;

        Grammar(Random random) {
            this.random = random;
        }

        String whole() {
            return list(DEPTH);
        }

        private String list(int depth) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(4); i >= 0; i--) {
                text.append(item(depth));
            }
            return text.toString();
        }

        private String item(int depth) {
            int kind = random.nextInt(depth <= 0 ? 4 : 11);
            return switch (kind) {
                case 0 -> "text ";
                case 1 -> action(pick("$x", "$y", "$value") + pick(" := ", " = ") + pipeline(2));
                case 2, 3 -> action(pipeline(2));
                case 4 -> action("if " + declared()) + list(depth - 1) + action("end");
                case 5 ->
                    action("if " + pipeline(1))
                            + list(depth - 1)
                            + action("else if " + pipeline(1))
                            + list(depth - 1)
                            + action("else")
                            + list(depth - 1)
                            + action("end");
                case 6 ->
                    action("range " + pick("", "$i, $x := ", "$x := ") + pipeline(1))
                            + list(depth - 1)
                            + pick("", action("break"), action("continue"))
                            + action("end");
                case 7 ->
                    action("with " + declared()) + list(depth - 1) + action("else") + list(depth - 1) + action("end");
                case 8 -> action("block \"n" + names++ + "\" " + pipeline(1)) + list(depth - 1) + action("end");
                case 9 ->
                    depth < DEPTH && random.nextInt(20) > 0
                            ? "text "
                            : action("define \"n" + names++ + "\"") + list(depth - 1) + action("end");
                default -> action("template \"n0\" " + pick("", pipeline(1)));
            };
        }

        private String declared() {
            return pick("", "$y := ") + pipeline(1);
        }

        private String action(String inside) {
            return pick("{{", "{{ ", "{{- ") + inside + pick("}}", " }}", " -}}");
        }

        private String pipeline(int depth) {
            return command(depth) + pick("", " | print", "|humanize", " | len | printf \"%d\"");
        }

        private String command(int depth) {
            return switch (random.nextInt(6)) {
                case 0 -> variable() + pick("", ".a", ".a.B");
                case 1 -> pick("humanize ", "printf \"%v\" ", "len ", "now ", "title ") + operand(depth);
                case 2 -> operand(depth) + pick("", " " + operand(depth));
                default -> operand(depth);
            };
        }

        private String operand(int depth) {
            return switch (random.nextInt(depth <= 0 ? 6 : 8)) {
                case 0 -> variable();
                case 1 -> pick(".", ".Value", "$labels.a");
                case 2 -> pick("1", "-1.5", "0x1f", "'c'", "2i");
                case 3 -> pick("\"a\\n\"", "`b`", "\"\\\\\"");
                case 4 -> pick("true", "nil");
                case 5 -> "externalURL";
                default -> "(" + pipeline(depth - 1) + ")" + pick("", ".a");
            };
        }

        private String variable() {
            return random.nextInt(40) == 0
                    ? pick("$x", "$y", "$i")
                    : pick("$", "$value", "$labels", "$externalLabels", "$externalURL");
        }

        private String pick(String... some) {
            return some[random.nextInt(some.length)];
        }
    }

    @ParameterizedTest
    @FieldSource("io.narthex.testing.RealPrograms#RELEASES")
    void prometheusRefusesTheSame(String release, @TempDir Path folder) throws IOException {
        PrometheusVersion version = PrometheusVersion.parse(release).orElseThrow();
        Path file = folder.resolve("rules.yml");
        Random random = new Random(5);
        List<String> differ = new ArrayList<>();
        int refused = 0;
        try (Promcheck prometheus = Promcheck.of(release)) {
            for (int i = 0; i < TEMPLATES; i++) {
                String template = template(random);
                Files.writeString(file, rules(template));
                boolean said = RuleTemplate.problem(template, version).isPresent();
                boolean real = prometheus.rules(file).isPresent();
                refused += real ? 1 : 0;
                if (said != real) {
                    differ.add((said ? "refused here: " : "refused by Prometheus: ") + template);
                }
            }
        }
        assertThat(differ).isEmpty();
        assertThat(refused).isBetween(TEMPLATES / 5, TEMPLATES * 4 / 5);
    }

    private static String template(Random random) {
        String right = new Grammar(random).whole();
        if (random.nextInt(3) > 0) {
            return right;
        }
        int at = random.nextInt(right.length() + 1);
        int rest = Math.min(right.length(), at + random.nextInt(3));
        return right.substring(0, at) + PIECES.get(random.nextInt(PIECES.size())) + right.substring(rest);
    }

    private static String rules(String template) {
        return "groups:\n- name: a\n  rules:\n  - alert: b\n    expr: up\n    annotations:\n      c: \""
                + template.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"\n";
    }
}

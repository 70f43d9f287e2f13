package io.narthex.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.testing.RealPrograms;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is in examples/ is right, and what is wrong there is wrong in the way it says. */
class ExamplesTest {

    private static final Pattern MISTAKE =
            Pattern.compile("(?m)^\\| \\[(\\S+)]\\(\\1\\) \\| (\\d+) \\| (NX\\d{4}) \\|");

    @TempDir
    Path folder;

    static List<String> names() {
        return Examples.names();
    }

    @ParameterizedTest
    @MethodSource("names")
    void lintHasNothingToSay(String name) throws IOException {
        Path copy = Examples.copy(name, folder);
        Session.Result result = new Session().run("lint", "--strict", copy.toString());
        assertThat(result.code()).as(result.out() + result.err()).isZero();
        assertThat(result.out()).matches("\\d+ files?, [1-9]\\d* resources?: 0 errors, 0 warnings\\R");
    }

    @ParameterizedTest
    @MethodSource("names")
    void noReleaseMakesItWrong(String name) throws IOException {
        Path copy = Examples.copy(name, folder);
        for (String release : RealPrograms.RELEASES) {
            Session.Result result = new Session().run("lint", "--prometheus-version", release, copy.toString());
            assertThat(result.code()).as(release + ": " + result.out()).isZero();
        }
    }

    @Test
    void theReadmeListsEveryFolder() throws IOException {
        String readme = Examples.read("README.md");
        assertThat(Examples.names()).hasSizeGreaterThan(8);
        assertThat(Examples.all()).allSatisfy(name -> assertThat(readme).contains("| [" + name + "](" + name + ") | "));
    }

    @Test
    void theBrokenFolderIsBrokenAsItSays() throws IOException {
        Session.Result result = new Session()
                .run(
                        "lint",
                        "-o",
                        "json",
                        Examples.ROOT.resolve(Examples.BROKEN).toString());

        List<String> found = new ArrayList<>();
        for (JsonNode diagnostic : new ObjectMapper().readTree(result.out()).path("diagnostics")) {
            Path file = Path.of(diagnostic.path("file").asText());
            found.add(file.getFileName() + ":" + diagnostic.path("line").asInt() + " "
                    + diagnostic.path("code").asText());
        }
        List<String> promised = MISTAKE.matcher(Examples.read("broken/README.md"))
                .results()
                .map(row -> row.group(1) + ":" + row.group(2) + " " + row.group(3))
                .toList();
        assertThat(promised).isNotEmpty();
        assertThat(found).isEqualTo(promised);
        assertThat(result.code()).isEqualTo(ExitCode.NO.number());
    }
}

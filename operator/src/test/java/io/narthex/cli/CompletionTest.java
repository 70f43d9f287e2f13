package io.narthex.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The completion script, asked by a real bash. */
@DisabledOnOs(OS.WINDOWS)
class CompletionTest {

    @TempDir
    Path folder;

    private List<String> complete(String... words) throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/bash")));
        Path script = folder.resolve("completion.bash");
        Files.writeString(script, new Session().run("completion", "bash").out());
        String quoted = "'" + String.join("' '", words) + "'";
        Process bash = new ProcessBuilder(
                        "/bin/bash",
                        "--norc",
                        "-c",
                        "source \"$1\"; COMP_WORDS=(" + quoted + "); COMP_CWORD=" + (words.length - 1)
                                + "; COMP_LINE=\"${COMP_WORDS[*]}\"; _complete_narthex; printf '%s\\n'"
                                + " \"${COMPREPLY[@]}\"",
                        "bash",
                        script.toString())
                // compopt complains that bash itself isn't completing.
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return answer.lines().map(String::strip).toList();
    }

    @Test
    void commandsAreCompleted() throws Exception {
        assertThat(complete("narthex", "li")).containsExactly("lint");
        assertThat(complete("narthex", "")).contains("lint", "render", "run", "status", "diff", "explain", "doctor");
    }

    @Test
    void optionsAndTheirValuesAreCompleted() throws Exception {
        assertThat(complete("narthex", "lint", "--str")).containsExactly("--strict");
        assertThat(complete("narthex", "run", "--al")).containsExactly("--allow-data-loss");
        assertThat(complete("narthex", "lint", "-o", "sa")).containsExactly("sarif");
    }

    @Test
    void zshTurnsOnWhatTheScriptNeedsFirst() throws IOException {
        assertThat(new Session().run("completion", "zsh").out()).startsWith("autoload -U +X compinit && compinit\n");
    }
}

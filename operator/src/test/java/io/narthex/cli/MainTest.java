package io.narthex.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.cli.terminal.ExitCode;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainTest {

    @Test
    void theVersionIsPrintedOnStandardOutput() {
        Session.Result result = new Session().run("--version");
        assertThat(result.code()).isZero();
        assertThat(result.out()).matches("narthex \\d+\\.\\d+\\.\\d+\\S* \\(java .*\\)\\R");
        assertThat(result.err()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "hlep, unknown command hlep, did you mean help?",
        "complete, unknown command complete, did you mean completion?",
        "prometheus, unknown command prometheus, narthex --help",
        "--verison, unknown option --verison, did you mean --version?",
    })
    void aMistypedWordIsAnsweredWithTheNearest(String typed, String message, String help) {
        Session.Result result = new Session().run(typed);
        assertThat(result.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(result.out()).isEmpty();
        assertThat(result.err()).isEqualToNormalizingNewlines("narthex: " + message + "\n  = help: " + help + "\n");
    }

    @Test
    void withoutACommandItIsAUsageError() {
        Session.Result result = new Session().run();
        assertThat(result.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(result.err()).startsWith("narthex: no command given");
    }

    @Test
    void everyExitCodeIsExplained() {
        Session.Result result = new Session().run("help", "exit-codes");
        assertThat(result.code()).isZero();
        for (ExitCode code : ExitCode.values()) {
            assertThat(result.out()).containsPattern("(?m)^ +" + code.number() + "  \\Q" + code.meaning() + "\\E$");
        }
        assertThat(new Session().run("--help").out())
                .contains(
                        Arrays.stream(ExitCode.values()).map(ExitCode::meaning).toList());
    }

    @Test
    void controlCharactersOfAnArgumentAreNotSentToTheTerminal() {
        Session.Result result = new Session().run("\u001b[2Jx");
        assertThat(result.err()).doesNotContain("\u001b").contains("\u241b[2Jx");
    }

    @ParameterizedTest
    @CsvSource({"bash", "zsh"})
    void completionKnowsTheCommands(String shell) {
        Session.Result result = new Session().run("completion", shell);
        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("completion", "help");
    }

    @Test
    void anUnknownShellNamesTheKnownOnes() {
        Session.Result result = new Session().run("completion", "fish");
        assertThat(result.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(result.err()).contains("fish", "bash, zsh");
    }
}

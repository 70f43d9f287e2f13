package io.narthex.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is sent to the maintainers holds the command line, and no credential that stands in it. */
class BugsTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://admin:s3cret@127.0.0.1:1/x | http://***@127.0.0.1:1/x",
                "http://admin:s3c/r@et@127.0.0.1:1 | http://***@127.0.0.1:1",
                "--url=https://t0ken@127.0.0.1:1/x | --url=https://***@127.0.0.1:1/x",
                "http://127.0.0.1:1/x?token=t0ken#a | http://127.0.0.1:1/x?***",
                "http://127.0.0.1:1/x | http://127.0.0.1:1/x",
                "monitor/a@b?c | monitor/a@b?c",
            })
    void noPasswordOfAUrlIsInTheReport(String argument, String shown) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        PrintStream printed = new PrintStream(err, true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(new byte[0]), printed, printed, false, Terminal.Size.USUAL, Map.of());
        int code = new Bugs(terminal, "status", argument, "-v").report(new IllegalStateException());
        assertThat(code).isEqualTo(ExitCode.INTERNAL.number());
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("\nnarthex status " + shown + " -v\n");
    }
}

package io.narthex.cli.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.cli.Session;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Terminal;
import io.narthex.compiler.Compiler;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** An option of another platform is refused, before anything is asked or done. */
class PlatformOptionsTest {

    @ParameterizedTest
    @CsvSource({
        "kubernetes, --instance y, swarm",
        "kubernetes, --secrets /run/secrets, swarm",
        "kubernetes, --resources /etc/narthex/resources, compose or swarm",
        "kubernetes, --docker-host tcp://127.0.0.1:1, compose or swarm",
        "kubernetes, --server-url http://127.0.0.1:1, compose",
        "swarm, --namespaces shop, kubernetes",
        "swarm, --lease-name x, kubernetes",
        "swarm, --secrets-by-name, kubernetes",
        "swarm, --server-folder /etc/narthex/server, compose",
        "compose, --prometheus-image registry.invalid/prometheus, kubernetes or swarm",
        "compose, --instance y, swarm",
    })
    void anotherPlatformsOptionIsRefused(String platform, String option, String where) {
        Session.Result result = new Session().run(("operator --platform " + platform + " " + option).split(" ", -1));
        assertThat(result.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(result.err())
                .isEqualTo("narthex: " + option.split(" ", -1)[0] + " has no meaning with --platform " + platform
                        + "\n  = help: leave it out, or run with --platform " + where + "\n");
    }

    /** Else a renamed option would be ignored again, and a new one on no platform's list. */
    @Test
    void everyOptionIsOfAPlatformOrOfAll() {
        PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        Terminal terminal = new Terminal(
                new ByteArrayInputStream(new byte[0]), nowhere, nowhere, false, Terminal.Size.USUAL, Map.of());
        Set<String> all = new TreeSet<>();
        CommandLine operator = new CommandLine(new OperatorCommand(terminal, Clock.systemUTC(), Compiler::create));
        operator.getCommandSpec().options().forEach(option -> all.add(option.longestName()));
        Set<String> expected = new TreeSet<>(PlatformOptions.names());
        expected.addAll(Set.of("--platform", "--listen", "--log-format", "--verbose"));
        assertThat(all).isEqualTo(expected);
    }
}

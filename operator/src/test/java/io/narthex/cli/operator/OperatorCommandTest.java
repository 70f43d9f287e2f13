package io.narthex.cli.operator;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.cli.Session;
import io.narthex.cli.terminal.ExitCode;
import org.junit.jupiter.api.Test;

/** What the operator of a cluster refuses before it asks anything. */
class OperatorCommandTest {

    /** Such a server would take Monitors and credentials of namespaces in which it may discover nothing. */
    @Test
    void noServerSeesAllNamespacesWhereTheOperatorDoesNot() {
        Session.Result result = new Session()
                .with("KUBECONFIG", "/does/not/exist")
                .run("operator", "--namespaces", "shop,tools", "--platform-namespaces", "tools");
        assertThat(result.code()).isEqualTo(ExitCode.USAGE.number());
        assertThat(result.err())
                .isEqualTo(
                        "narthex: --platform-namespaces and --namespaces exclude each other: nothing is bound in the"
                                + " cluster for an operator of some namespaces, so none of its servers can see all\n"
                                + "  = help: leave out --platform-namespaces, or --namespaces to have all namespaces looked at\n");
    }
}

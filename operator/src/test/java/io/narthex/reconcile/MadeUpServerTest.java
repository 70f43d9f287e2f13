package io.narthex.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.DefaultServer;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.Severity;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A default server is made up where surely none is declared, and a mistake afterwards doesn't take it away. */
class MadeUpServerTest {

    private static final Inventory NONE = Inventory.EMPTY;
    private static final Inventory ONE = DefaultServer.addTo(Inventory.EMPTY);

    private final MadeUpServer madeUp = new MadeUpServer();

    private static List<Diagnostic> problem(Severity severity, Optional<ResourceKey> resource) {
        return List.of(new Diagnostic(
                DiagnosticCode.INPUT_MISSING, severity, resource, FieldPath.ROOT, Optional.empty(), "wrong", "", ""));
    }

    private static Optional<ResourceKey> of(String kind) {
        return Optional.of(new ResourceKey(kind, "default", "one"));
    }

    @Test
    void itIsMadeUpWhereNoneIsDeclared() {
        assertThat(madeUp.decide(NONE, List.of())).isTrue();
        assertThat(madeUp.isUsed()).isTrue();
        assertThat(madeUp.decide(NONE, List.of())).as("anew").isFalse();
        assertThat(madeUp.isUsed()).isTrue();

        assertThat(madeUp.decide(ONE, List.of())).isFalse();
        assertThat(madeUp.isUsed()).isFalse();
    }

    @Test
    void itIsNotMadeUpWhereAServerMayBeMeant() {
        madeUp.decide(NONE, problem(Severity.ERROR, Optional.empty()));
        assertThat(madeUp.isUsed()).isFalse();

        madeUp.decide(NONE, problem(Severity.ERROR, of("PrometheusServer")));
        assertThat(madeUp.isUsed()).isFalse();
    }

    @Test
    void whatHidesNoServerDoesNotMatter() {
        madeUp.decide(NONE, problem(Severity.ERROR, of("Monitor")));
        assertThat(madeUp.isUsed()).isTrue();

        madeUp.forget();
        madeUp.decide(NONE, problem(Severity.WARNING, Optional.empty()));
        assertThat(madeUp.isUsed()).isTrue();
    }

    @Test
    void aMistakeTakesNothingAway() {
        madeUp.decide(NONE, List.of());

        madeUp.decide(NONE, problem(Severity.ERROR, Optional.empty()));

        assertThat(madeUp.isUsed()).isTrue();
    }

    @Test
    void aDeclaredServerThatCannotBeReadAnyMoreIsNotReplaced() {
        madeUp.decide(ONE, List.of());

        madeUp.decide(NONE, problem(Severity.ERROR, Optional.empty()));

        assertThat(madeUp.isUsed()).isFalse();
    }
}

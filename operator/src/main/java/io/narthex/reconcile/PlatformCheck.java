package io.narthex.reconcile;

import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import java.util.List;

/** Says what a platform doesn't carry out of a server that the compiler takes. */
@FunctionalInterface
public interface PlatformCheck {

    /** Refuses nothing. */
    PlatformCheck NONE = (server, bundle) -> List.of();

    /** Returns an error for each field that can't be carried out; nothing where all can. */
    List<Diagnostic> refusals(Declared<PrometheusServerSpec> server, Bundle bundle);
}

package io.narthex.status;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.prometheus.Answer;
import java.util.Optional;

/** A Prometheus that gives no answer, as a diagnostic of the environment. */
public final class ApiProblem {

    private ApiProblem() {}

    /**
     * Returns what to tell the user.
     *
     * @param failure what came instead of an answer
     * @param url where it was looked for
     */
    public static Diagnostic of(Answer.Failure<?> failure, String url) {
        DiagnosticCode code = failure instanceof Answer.Unauthorized<?>
                ? DiagnosticCode.API_UNAUTHORIZED
                : DiagnosticCode.API_UNREACHABLE;
        return new Diagnostic(
                code,
                code.severity(),
                Optional.empty(),
                FieldPath.ROOT,
                Optional.empty(),
                "no answer from the Prometheus at " + url + ": " + failure.reason(),
                "",
                switch (failure) {
                    case Answer.Unauthorized<?> unauthorized -> "name credentials that it accepts";
                    case Answer.Unreachable<?> unreachable
                    when unreachable.obstacle() == Answer.Obstacle.TLS ->
                        "check the URL's scheme, http or https, and the authority that signed the certificate";
                    case Answer.Unreachable<?> unreachable
                    when unreachable.obstacle() == Answer.Obstacle.CONNECTION_REFUSED ->
                        "start it by narthex run DIR, or name the URL of one that runs";
                    case Answer.Failure<?> other -> "check the URL, the route prefix included, and the server's log";
                });
    }
}

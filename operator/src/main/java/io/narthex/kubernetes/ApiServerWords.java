package io.narthex.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.TimeoutException;

/** What an API server, or the client that couldn't reach it, says, in words for users. */
public final class ApiServerWords {

    private ApiServerWords() {}

    /** Returns who refuses or can't be reached, and what is said of that, on one line. */
    public static String of(KubernetesClientException e) {
        if (e.getCode() == 0 && isTimeout(e)) {
            return "the API server takes longer to answer than is waited for; has it too much to do, or does it wait for"
                    + " an admission webhook?";
        }
        return (e.getCode() > 0
                        ? "the API server refuses (" + e.getCode() + "): "
                        : "the API server can't be reached: ")
                + said(e);
    }

    /** Returns what is said, its first line: what the client throws says in half a page what stands in the answer. */
    public static String said(KubernetesClientException e) {
        String status = e.getStatus() == null ? null : e.getStatus().getMessage();
        Throwable cause = e.getCause();
        String message = status != null
                ? status
                : cause != null && cause.getMessage() != null ? cause.getMessage() : String.valueOf(e.getMessage());
        return message.lines().findFirst().orElse("");
    }

    private static boolean isTimeout(Throwable e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof TimeoutException || cause instanceof HttpTimeoutException) {
                return true;
            }
        }
        return false;
    }
}

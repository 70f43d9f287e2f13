package io.narthex.source.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which watches fail, and why. A failure is logged once, until something is heard again. */
public final class WatchHealth {

    private static final Logger LOG = LoggerFactory.getLogger(WatchHealth.class);

    private final Map<String, String> problems = new ConcurrentHashMap<>();

    void failed(String kind, Throwable problem) {
        String words = words(problem);
        if (!words.equals(problems.put(kind, words))) {
            LOG.warn("{} can't be watched, trying again: {}", kind, words);
        }
    }

    void heard(String kind) {
        if (problems.remove(kind) != null) {
            LOG.info("{} is watched again", kind);
        }
    }

    private static String words(Throwable problem) {
        if (problem instanceof KubernetesClientException api && api.getCode() == 404) {
            return "the API server doesn't know it; are the custom resource definitions installed?";
        }
        String message = String.valueOf(problem.getMessage());
        return message.lines().findFirst().orElse("");
    }

    /** Returns what is wrong, by kind; empty where all is well. */
    public Map<String, String> problems() {
        return new TreeMap<>(problems);
    }
}

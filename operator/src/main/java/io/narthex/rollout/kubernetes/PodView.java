package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a pod's object says, in the words of a rollout. */
record PodView(Pod pod) {

    /** Reasons for which a container waits that nothing but a change ends. */
    private static final Set<String> STUCK = Set.of(
            "ErrImagePull",
            "ErrImageNeverPull",
            "ImageInspectError",
            "ImagePullBackOff",
            "InvalidImageName",
            "CreateContainerConfigError",
            "CreateContainerError");

    /** Whoever may annotate pods can put anything there. */
    private static final Pattern ENDPOINT = Pattern.compile("(?<scheme>https?)(?<rest>:\\d{1,5}(/[^?#@\\s]*)?)");

    /** Returns whether two versions of a pod say the same, but for how often its kubelet was nudged. */
    static boolean differInNudgeAlone(Pod before, Pod now) {
        ObjectMeta old = before.getMetadata();
        ObjectMeta meta = now.getMetadata();
        return Objects.equals(old.getUid(), meta.getUid())
                && Objects.equals(old.getDeletionTimestamp(), meta.getDeletionTimestamp())
                && Objects.equals(old.getLabels(), meta.getLabels())
                && withoutNudge(old).equals(withoutNudge(meta))
                && Objects.equals(before.getStatus(), now.getStatus())
                && Objects.equals(before.getSpec(), now.getSpec());
    }

    private static Map<String, String> withoutNudge(ObjectMeta metadata) {
        Map<String, String> annotations =
                new HashMap<>(Optional.ofNullable(metadata.getAnnotations()).orElse(Map.of()));
        annotations.remove(ObjectNames.NUDGE);
        return annotations;
    }

    String name() {
        return pod.getMetadata().getName();
    }

    String uid() {
        return pod.getMetadata().getUid();
    }

    boolean isTerminating() {
        return pod.getMetadata().getDeletionTimestamp() != null;
    }

    Optional<String> restartKey() {
        return annotation(ObjectNames.RESTART_KEY);
    }

    private Optional<String> annotation(String name) {
        return Optional.ofNullable(pod.getMetadata().getAnnotations()).map(all -> all.get(name));
    }

    /** Returns the URL of the server's API; empty while it has no address. */
    Optional<URI> api() {
        String ip = pod.getStatus() == null ? null : pod.getStatus().getPodIP();
        Matcher endpoint = ENDPOINT.matcher(annotation(ObjectNames.ENDPOINT).orElse(""));
        if (ip == null || ip.isEmpty() || !endpoint.matches()) {
            return Optional.empty();
        }
        String host = ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip;
        try {
            return Optional.of(URI.create(endpoint.group("scheme") + "://" + host + endpoint.group("rest")));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Optional<ContainerStatus> container() {
        if (pod.getStatus() == null || pod.getStatus().getContainerStatuses() == null) {
            return Optional.empty();
        }
        return pod.getStatus().getContainerStatuses().stream()
                .filter(container -> container.getName().equals("prometheus"))
                .findFirst();
    }

    boolean isRunning() {
        return container()
                .filter(container ->
                        container.getState() != null && container.getState().getRunning() != null)
                .isPresent();
    }

    /** Identifies the process; empty where none runs. */
    String epoch() {
        return container()
                .filter(container -> isRunning())
                .map(ContainerStatus::getContainerID)
                .orElse("");
    }

    /** Whether the process ended, and the kubelet waits before it starts another or does it no more. */
    boolean isDown() {
        if (pod.getStatus() != null && Objects.equals("Failed", pod.getStatus().getPhase())) {
            return true;
        }
        return container().filter(container -> container.getState() != null).stream()
                .anyMatch(container -> container.getState().getTerminated() != null
                        || Optional.ofNullable(container.getState().getWaiting())
                                .map(ContainerStateWaiting::getReason)
                                .filter("CrashLoopBackOff"::equals)
                                .isPresent());
    }

    /** How the last process ended. */
    Optional<ContainerStateTerminated> lastEnd() {
        Optional<ContainerStatus> container = container();
        Optional<ContainerStateTerminated> now =
                container.map(ContainerStatus::getState).map(state -> state.getTerminated());
        return now.or(() -> container.map(ContainerStatus::getLastState).map(state -> state.getTerminated()));
    }

    /** What keeps it from running, in words; empty for nothing that is known. */
    Optional<String> problem() {
        if (pod.getStatus() == null) {
            return Optional.empty();
        }
        Optional<String> waiting = container()
                .map(ContainerStatus::getState)
                .map(state -> state.getWaiting())
                .filter(state -> STUCK.contains(String.valueOf(state.getReason())))
                .map(state -> state.getReason() + ": " + String.valueOf(state.getMessage()));
        return waiting.or(() -> conditions().stream()
                .filter(condition -> condition.getType().equals("PodScheduled")
                        && condition.getStatus().equals("False"))
                .map(condition -> Optional.ofNullable(condition.getReason())
                                .orElse("unscheduled")
                                .toLowerCase(Locale.ROOT)
                        + ": " + Optional.ofNullable(condition.getMessage()).orElse("no node takes it"))
                .findFirst());
    }

    private List<PodCondition> conditions() {
        return pod.getStatus().getConditions() == null
                ? List.of()
                : pod.getStatus().getConditions();
    }
}

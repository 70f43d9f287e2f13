package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

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

    /** Phases in which a pod ends. */
    private static final Set<String> OVER = Set.of("Failed", "Succeeded");

    /** What takes a moment in most pods is told once it takes longer. */
    private static final Duration LONG = Duration.ofMinutes(1);

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

    /** Whether no process runs, and none will soon unless the pod is replaced or what it reads is changed. */
    boolean isDown() {
        return isOver() || isLooping();
    }

    /** Whether its kubelet starts no process in it any more. */
    boolean isOver() {
        if (pod.getStatus() != null
                && OVER.contains(String.valueOf(pod.getStatus().getPhase()))) {
            return true;
        }
        String policy = pod.getSpec() == null ? null : pod.getSpec().getRestartPolicy();
        return policy != null && !policy.equals("Always") && hasEnded();
    }

    /** Whether its processes ended so often that the kubelet waits before it starts another. */
    boolean isLooping() {
        return container().map(ContainerStatus::getState).map(ContainerState::getWaiting).stream()
                .anyMatch(waiting -> "CrashLoopBackOff".equals(waiting.getReason()));
    }

    /** Whether the process ended just now: the kubelet is about to start another, in the same pod with the same volumes. */
    boolean hasEnded() {
        return container()
                .map(ContainerStatus::getState)
                .map(ContainerState::getTerminated)
                .isPresent();
    }

    /** How the last process ended. */
    Optional<ContainerStateTerminated> lastEnd() {
        Optional<ContainerStatus> container = container();
        Optional<ContainerStateTerminated> now =
                container.map(ContainerStatus::getState).map(state -> state.getTerminated());
        return now.or(() -> container.map(ContainerStatus::getLastState).map(state -> state.getTerminated()));
    }

    /** What keeps it from running, or from being ready or gone, in words; empty for nothing that is known. */
    Optional<String> problem(Instant now) {
        if (isTerminating()) {
            return leaving(now);
        }
        if (pod.getStatus() == null) {
            return Optional.empty();
        }
        return Stream.concat(
                        statuses(PodStatus::getInitContainerStatuses).map(this::problemOfInit),
                        statuses(PodStatus::getContainerStatuses).map(container -> problem(container, now)))
                .flatMap(Optional::stream)
                .findFirst()
                .or(this::unscheduled)
                .or(() -> creating(now));
    }

    /** One whose node is gone stays for ever, and the StatefulSet makes no other before. */
    private Optional<String> leaving(Instant now) {
        String due = pod.getMetadata().getDeletionTimestamp();
        if (!isLong(due, now)) {
            return Optional.empty();
        }
        List<String> finalizers = pod.getMetadata().getFinalizers();
        if (finalizers != null && !finalizers.isEmpty()) {
            return Optional.of("it is deleted, and ought to be gone since " + due + ", but the finalizer "
                    + finalizers.getFirst() + " keeps it");
        }
        return Optional.of("it is deleted, and ought to be gone since " + due + ", but its node "
                + Optional.ofNullable(pod.getSpec().getNodeName()).orElse("")
                + " doesn't say so; where that is down for good, kubectl delete pod " + name() + " -n "
                + pod.getMetadata().getNamespace() + " --force makes room for another");
    }

    private Stream<ContainerStatus> statuses(Function<PodStatus, List<ContainerStatus>> which) {
        return Stream.ofNullable(which.apply(pod.getStatus()))
                .flatMap(List::stream)
                .filter(container -> container.getState() != null);
    }

    private Optional<String> problemOfInit(ContainerStatus container) {
        return stuck(container).or(() -> ends(container));
    }

    private Optional<String> problem(ContainerStatus container, Instant now) {
        if (container.getName().equals("prometheus")) {
            // How it ends is the engine's to see.
            return stuck(container);
        }
        return stuck(container)
                .or(() -> ends(container))
                .or(() -> Optional.ofNullable(container.getState().getRunning())
                        .filter(running ->
                                Boolean.FALSE.equals(container.getReady()) && isLong(running.getStartedAt(), now))
                        .map(running -> named(container) + "it runs, and isn't ready"));
    }

    private static Optional<String> stuck(ContainerStatus container) {
        return Optional.ofNullable(container.getState().getWaiting())
                .filter(state -> STUCK.contains(String.valueOf(state.getReason())))
                .map(state -> named(container) + state.getReason() + ": " + state.getMessage());
    }

    /** What happens to it now, or if it is about to be started anew, what happened before. */
    private static Optional<String> ends(ContainerStatus container) {
        boolean isLooping = Optional.ofNullable(container.getState().getWaiting())
                .filter(state -> "CrashLoopBackOff".equals(state.getReason()))
                .isPresent();
        return Optional.ofNullable(isLooping ? container.getLastState() : container.getState())
                .map(ContainerState::getTerminated)
                .filter(end -> isLooping || end.getExitCode() != 0)
                .map(end -> named(container) + "it ended with exit code " + end.getExitCode()
                        + (end.getReason() == null ? "" : " (" + end.getReason() + ")")
                        + (end.getMessage() == null
                                ? ""
                                : ": " + end.getMessage().strip()));
    }

    private static String named(ContainerStatus container) {
        return container.getName().equals("prometheus") ? "" : "container " + container.getName() + ": ";
    }

    private Optional<String> unscheduled() {
        return condition("PodScheduled", "False")
                .map(condition -> Optional.ofNullable(condition.getReason())
                                .orElse("unscheduled")
                                .toLowerCase(Locale.ROOT)
                        + ": " + Optional.ofNullable(condition.getMessage()).orElse("no node takes it"));
    }

    /** Why no volume comes only events tell, which the operator may not read. */
    private Optional<String> creating(Instant now) {
        boolean isCreating = statuses(PodStatus::getContainerStatuses)
                .map(container -> container.getState().getWaiting())
                .anyMatch(waiting -> waiting != null
                        && ("ContainerCreating".equals(waiting.getReason())
                                || "PodInitializing".equals(waiting.getReason())));
        // Then volumes and network are there, and it waits for an image; from Kubernetes 1.29 on.
        boolean isPrepared = condition("PodReadyToStartContainers", "True").isPresent();
        return condition("PodScheduled", "True")
                .filter(placed -> isCreating && !isPrepared && isLong(placed.getLastTransitionTime(), now))
                .map(placed -> "its volumes or its network aren't ready since " + placed.getLastTransitionTime()
                        + "; kubectl describe pod " + name() + " -n "
                        + pod.getMetadata().getNamespace() + " says why");
    }

    private static boolean isLong(@Nullable String since, Instant now) {
        try {
            return since != null && Instant.parse(since).plus(LONG).isBefore(now);
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private Optional<PodCondition> condition(String type, String status) {
        return conditions().stream()
                .filter(condition -> condition.getType().equals(type)
                        && condition.getStatus().equals(status))
                .findFirst();
    }

    private List<PodCondition> conditions() {
        return pod.getStatus().getConditions() == null
                ? List.of()
                : pod.getStatus().getConditions();
    }
}

package io.narthex.rollout.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** What the tasks of a service of one task say, in the words of a rollout. */
record TaskView(JsonNode task) {

    private static final Set<String> ENDED = Set.of("complete", "shutdown", "failed", "rejected", "remove", "orphaned");
    private static final Set<String> WENT_WRONG = Set.of("failed", "rejected", "complete");

    /** Returns the tasks of a service, the newest first. */
    static List<TaskView> of(SwarmSnapshot snapshot, String serviceId) {
        return snapshot.tasks().stream()
                .filter(task -> task.path("ServiceID").asText().equals(serviceId))
                .sorted(Comparator.comparing(
                                (JsonNode task) -> task.path("CreatedAt").asText())
                        .reversed())
                .map(TaskView::new)
                .toList();
    }

    String id() {
        return SwarmSnapshot.id(task);
    }

    String state() {
        return task.path("Status").path("State").asText();
    }

    boolean isRunning() {
        return state().equals("running");
    }

    /** Whether its container is there, ready or not. */
    boolean hasContainer() {
        return isRunning() || state().equals("starting");
    }

    boolean hasEnded() {
        return ENDED.contains(state());
    }

    /** Whether it ended by itself, and not since it was told to. */
    boolean wentWrong() {
        return WENT_WRONG.contains(state());
    }

    /** What Swarm says is wrong with it; empty for nothing. */
    Optional<String> error() {
        return Optional.of(task.path("Status").path("Err").asText()).filter(text -> !text.isEmpty());
    }

    String node() {
        return task.path("NodeID").asText();
    }

    JsonNode container() {
        return task.path("Spec").path("ContainerSpec");
    }

    Optional<String> restartKey() {
        return Optional.ofNullable(
                container().path("Labels").path(SwarmNames.RESTART_KEY).textValue());
    }

    /** Returns its address in a network; empty where it has none. */
    Optional<String> address(String networkId) {
        return addresses(attachments()
                        .filter(attachment ->
                                attachment.at("/Network/ID").asText().equals(networkId)))
                .findFirst();
    }

    private static Stream<String> addresses(Stream<JsonNode> attachments) {
        return attachments
                .flatMap(attachment -> stream(attachment.path("Addresses")))
                .map(address -> address.asText().replaceFirst("/.*$", ""))
                .filter(address -> !address.isEmpty());
    }

    /** Returns where its API is, in every network that it is on and at its node; nothing where it doesn't say how it listens. */
    Stream<URI> urls(SwarmSnapshot snapshot) {
        return listens().stream()
                .flatMap(listens -> Stream.concat(
                                addresses(attachments()).map(host -> bracketed(host) + ":" + listens.getPort()),
                                published(snapshot, listens.getPort()).stream())
                        .map(at -> at(listens, at)));
    }

    /** Returns where an API is at a host and port. */
    static URI at(URI listens, String hostAndPort) {
        return URI.create(listens.getScheme() + "://" + hostAndPort + listens.getRawPath());
    }

    /** Returns where its API is at its address: the scheme, port and path of what it was started with. */
    Optional<URI> listens() {
        try {
            return Optional.ofNullable(
                            container().path("Labels").path(SwarmNames.LISTENS).textValue())
                    .map(URI::create)
                    .filter(uri -> uri.getPort() > 0);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private Stream<JsonNode> attachments() {
        return stream(task.path("NetworksAttachments"));
    }

    /** Returns the address at its node of a port that is published in the mode host; empty where it is not. */
    Optional<String> published(SwarmSnapshot snapshot, int port) {
        Optional<Integer> at = stream(task.at("/Status/PortStatus/Ports"))
                .filter(one -> one.path("TargetPort").asInt() == port
                        && one.path("PublishMode").asText().equals("host"))
                .map(one -> one.path("PublishedPort").asInt())
                .findFirst();
        return at.flatMap(published -> snapshot.withId(Kinds.NODES, node())
                .map(found -> found.at("/Status/Addr").asText())
                .filter(address -> !address.isEmpty())
                .map(address -> bracketed(address) + ":" + published));
    }

    static String bracketed(String host) {
        return host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    }

    private static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}

package io.narthex.rollout.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.Kinds;
import io.narthex.docker.SwarmSnapshot;
import io.narthex.rollout.Refusal;
import io.narthex.rollout.ReleaseJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * What outlives the operator, as a label of one Docker config of its own: which files are published, the last good
 * version, the configs of the one before, why another was refused, on which nodes the volumes are. Labels are the one
 * part of a config that can change, and Docker refuses a change that expects another version than the newest.
 *
 * <p>For one thread.
 */
final class KeptState {

    private static final String LABEL = "io.narthex.state";
    private static final String CONTENT = "What Narthex remembers is in the labels.\n";

    private final DockerClient client;
    private final SwarmNames names;
    private final ObjectMapper json = new ObjectMapper();

    private boolean loaded;
    private String id = "";
    private long version;
    private ObjectNode state = json.createObjectNode();
    private Optional<Version> lastGood = Optional.empty();

    KeptState(DockerClient client, SwarmNames names) {
        this.client = client;
        this.names = names;
    }

    /** Reads it, where that wasn't done yet or somebody else wrote it. */
    void refresh(SwarmSnapshot snapshot) throws InterruptedException {
        Optional<JsonNode> seen = snapshot.named(Kinds.CONFIGS, names.state());
        boolean newer = seen.filter(config -> !SwarmSnapshot.id(config).equals(id)
                        || config.at("/Version/Index").asLong() > version)
                .isPresent();
        if (!loaded || newer) {
            load();
        }
    }

    private void load() throws InterruptedException {
        Optional<JsonNode> config = client.find(Kinds.CONFIGS, names.state());
        if (config.isEmpty()) {
            id = "";
            version = 0;
            state = json.createObjectNode();
            lastGood = Optional.empty();
            loaded = true;
            return;
        }
        if (!names.isOurs(config.get(), "state")) {
            throw new DockerException(DockerException.Kind.NAME_TAKEN, names.notOurs("config", config.get()));
        }
        take(config.get());
    }

    private void take(JsonNode config) {
        id = SwarmSnapshot.id(config);
        version = config.at("/Version/Index").asLong();
        try {
            state = json.readTree(SwarmSnapshot.label(config, LABEL).orElse("{}")) instanceof ObjectNode object
                    ? object
                    : json.createObjectNode();
        } catch (IOException e) {
            state = json.createObjectNode();
        }
        lastGood = good();
        loaded = true;
    }

    /** One that can't be understood is none: what is desired will be verified and kept anew. */
    private Optional<Version> good() {
        try {
            return state.has("good") ? Optional.of(Version.of(state.path("good"))) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns what changes with every write. */
    String version() {
        return id + "/" + version;
    }

    SortedMap<String, String> files() {
        TreeMap<String, String> files = new TreeMap<>();
        state.path("files")
                .properties()
                .forEach(entry -> files.put(entry.getKey(), entry.getValue().asText()));
        return files;
    }

    Optional<Version> lastGood() {
        return lastGood;
    }

    /** Returns the names of the configs of the version before the last good one. */
    Set<String> previousConfigs() {
        TreeSet<String> configs = new TreeSet<>();
        state.path("previous").forEach(name -> configs.add(name.asText()));
        return configs;
    }

    Optional<Refusal> refusal() {
        try {
            return state.has("refusal") ? Optional.of(ReleaseJson.refusal(state.path("refusal"))) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Returns the ID of the node on which a replica's volume is; empty where that isn't known yet. */
    Optional<String> node(int replica) {
        return Optional.ofNullable(
                state.path("nodes").path(Integer.toString(replica)).textValue());
    }

    void publish(SortedMap<String, String> files) throws InterruptedException {
        write(fresh -> put(fresh.putObject("files"), files));
    }

    void keep(Version good, Set<String> previous) throws InterruptedException {
        write(fresh -> {
            fresh.set("good", good.toJson());
            previous.forEach(fresh.putArray("previous")::add);
        });
    }

    void note(Refusal refusal) throws InterruptedException {
        write(fresh -> fresh.set("refusal", ReleaseJson.of(refusal)));
    }

    void pin(int replica, String node) throws InterruptedException {
        write(fresh -> fresh.withObject("/nodes").put(Integer.toString(replica), node));
    }

    private static void put(ObjectNode object, SortedMap<String, String> texts) {
        texts.forEach(object::put);
    }

    private void write(Consumer<ObjectNode> change) throws InterruptedException {
        ObjectNode fresh = state.deepCopy();
        change.accept(fresh);
        if (fresh.equals(state) && !id.isEmpty()) {
            return;
        }
        ObjectNode spec = json.createObjectNode().put("Name", names.state());
        ObjectNode labels = spec.putObject("Labels");
        names.labels("state").forEach(labels::put);
        labels.put(LABEL, fresh.toString());
        spec.put("Data", Base64.getEncoder().encodeToString(CONTENT.getBytes(StandardCharsets.UTF_8)));
        try {
            if (id.isEmpty()) {
                client.create(Kinds.CONFIGS, spec, Optional.empty());
            } else {
                client.write(Kinds.CONFIGS, id, version, spec, Optional.empty());
            }
            load();
        } catch (DockerException | InterruptedException e) {
            // What was written, if it was, is learned anew.
            loaded = false;
            throw e;
        }
    }
}

package io.narthex.gate;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.docker.Kinds;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Judges the specification of a service that the operator makes or changes: what isn't named is refused. */
final class ServiceCheck {

    private static final Set<String> SPEC =
            Set.of("Name", "Labels", "TaskTemplate", "Mode", "UpdateConfig", "RollbackConfig", "EndpointSpec");
    private static final Set<String> TASK = Set.of(
            "ContainerSpec",
            "Resources",
            "RestartPolicy",
            "Placement",
            "Networks",
            "LogDriver",
            "ForceUpdate",
            "Runtime");
    private static final Set<String> CONTAINER = Set.of(
            "Image",
            "Labels",
            "Args",
            "Env",
            "User",
            "Hostname",
            "Mounts",
            "Configs",
            "Secrets",
            "Healthcheck",
            "StopGracePeriod",
            "StopSignal",
            "ReadOnly",
            "Init",
            "CapabilityDrop",
            "Isolation");
    private static final Set<String> MOUNT = Set.of("Type", "Source", "Target", "ReadOnly", "VolumeOptions");
    private static final Pattern VOLUME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9_.-]{0,254}");
    private static final Pattern VARIABLE = Pattern.compile("POD_NAME=[a-z0-9-]{1,63}");
    private static final Set<String> REMOTE_TYPES = Set.of("nfs", "nfs4", "cifs");

    private final String owner;
    private final World world;

    ServiceCheck(String owner, World world) {
        this.owner = owner;
        this.world = world;
    }

    /**
     * Judges a specification.
     *
     * @param spec the specification
     * @param before the service as it is; empty for one that is made
     */
    void check(JsonNode spec, Optional<JsonNode> before) throws Refused, InterruptedException {
        Fields.only(spec, "the service", SPEC);
        JsonNode task = spec.path("TaskTemplate");
        Fields.only(task, "TaskTemplate", TASK);
        logs(task, before);
        String runtime = task.path("Runtime").asText("container");
        if (!runtime.isEmpty() && !runtime.equals("container")) {
            throw new Refused("a service of the runtime " + Fields.shown(runtime) + " isn't permitted");
        }
        Fields.only(spec.path("Mode"), "Mode", Set.of("Replicated"));
        JsonNode container = task.path("ContainerSpec");
        Fields.only(container, "ContainerSpec", CONTAINER);
        for (JsonNode variable : container.path("Env")) {
            if (!VARIABLE.matcher(variable.asText()).matches()) {
                throw new Refused("a variable of the environment other than POD_NAME isn't permitted");
            }
        }
        for (JsonNode mount : container.path("Mounts")) {
            mount(mount);
        }
        for (JsonNode secret : container.path("Secrets")) {
            secret(secret);
        }
        for (JsonNode config : container.path("Configs")) {
            config(config);
        }
        for (JsonNode network : task.path("Networks")) {
            network(network);
        }
        for (JsonNode port : spec.path("EndpointSpec").path("Ports")) {
            Fields.only(
                    port, "a published port", Set.of("Name", "Protocol", "TargetPort", "PublishedPort", "PublishMode"));
        }
    }

    /** Whoever chooses the log driver has the logs sent where he likes; what the Swarm's own users chose stays. */
    private static void logs(JsonNode task, Optional<JsonNode> before) throws Refused {
        JsonNode driver = task.path("LogDriver");
        boolean same = before.filter(
                        service -> service.at("/Spec/TaskTemplate/LogDriver").equals(driver))
                .isPresent();
        if (!driver.isMissingNode() && !same) {
            throw new Refused("a log driver that the service hasn't already isn't permitted");
        }
    }

    private void mount(JsonNode mount) throws Refused, InterruptedException {
        Fields.only(mount, "a mount", MOUNT);
        String type = mount.path("Type").asText();
        String source = mount.path("Source").asText();
        if (!type.equals("volume") || !VOLUME.matcher(source).matches()) {
            throw new Refused("a mount of the type " + Fields.shown(type) + " isn't permitted: only named volumes are");
        }
        JsonNode options = mount.path("VolumeOptions");
        Fields.only(options, "VolumeOptions", Set.of("NoCopy", "Labels", "DriverConfig"));
        JsonNode driver = options.path("DriverConfig");
        Fields.only(driver, "DriverConfig", Set.of("Name", "Options"));
        String name = driver.path("Name").asText("local");
        JsonNode driverOptions = driver.path("Options");
        if ((name.isEmpty() || name.equals("local")) && !driverOptions.isEmpty()) {
            // A local volume with options is a mount of anything, a folder of the machine among them.
            Fields.only(driverOptions, "the volume's options", Set.of("type", "o", "device"));
            String kind = driverOptions.path("type").asText();
            String flags = driverOptions.path("o").asText();
            if (!REMOTE_TYPES.contains(kind) || flags.contains("bind")) {
                throw new Refused("a local volume of the type " + Fields.shown(kind)
                        + " isn't permitted: only those of a file server are");
            }
        }
        for (JsonNode service : world.services()) {
            if (isOurs(service)) {
                continue;
            }
            for (JsonNode theirs : service.at("/Spec/TaskTemplate/ContainerSpec/Mounts")) {
                if (theirs.path("Source").asText().equals(source)) {
                    throw new Refused("the volume " + source + " is mounted by the service "
                            + Fields.shown(service.at("/Spec/Name").asText()) + ", which isn't Narthex's");
                }
            }
        }
    }

    private void secret(JsonNode reference) throws Refused, InterruptedException {
        Fields.only(reference, "a secret", Set.of("File", "SecretID", "SecretName"));
        String id = reference.path("SecretID").asText();
        JsonNode secret = found(Kinds.SECRETS, id, "secret");
        JsonNode labels = secret.path("Spec").path("Labels");
        if (!isOurs(secret) && labels.path(GatePolicy.EXPOSE_TO).asText().isEmpty()) {
            throw new Refused(
                    "the secret " + Fields.shown(secret.at("/Spec/Name").asText()) + " has no label "
                            + GatePolicy.EXPOSE_TO + ", which lets Prometheus mount it");
        }
    }

    private void config(JsonNode reference) throws Refused, InterruptedException {
        Fields.only(reference, "a config", Set.of("File", "ConfigID", "ConfigName"));
        JsonNode config = found(Kinds.CONFIGS, reference.path("ConfigID").asText(), "config");
        if (!isOurs(config)) {
            throw new Refused(
                    "the config " + Fields.shown(config.at("/Spec/Name").asText()) + " isn't Narthex's");
        }
    }

    private void network(JsonNode reference) throws Refused, InterruptedException {
        Fields.only(reference, "a network", Set.of("Target", "Aliases"));
        JsonNode network = found(Kinds.NETWORKS, reference.path("Target").asText(), "network");
        if (!network.path("Driver").asText().equals("overlay")
                || network.path("Ingress").asBoolean()) {
            throw new Refused("the network " + Fields.shown(network.path("Name").asText())
                    + " isn't permitted: only overlay networks are, never the host's own");
        }
        if (network.path("Labels").path(GatePolicy.NETWORK).asText().equals("gate")) {
            throw new Refused("the network " + Fields.shown(network.path("Name").asText())
                    + " isn't permitted: it is the operator's way to this gate");
        }
    }

    private JsonNode found(Kinds kind, String id, String what) throws Refused, InterruptedException {
        if (!GatePolicy.isId(id)) {
            throw new Refused("a " + what + " is named by no ID");
        }
        Optional<JsonNode> object = world.find(kind, id);
        return object.orElseThrow(() -> new Refused("there is no " + what + " " + id));
    }

    private boolean isOurs(JsonNode object) {
        return GatePolicy.owner(object).equals(Optional.of(owner));
    }
}

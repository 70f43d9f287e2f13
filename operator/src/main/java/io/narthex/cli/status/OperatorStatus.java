package io.narthex.cli.status;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.access.Identity;
import io.narthex.cli.page.OperatorClient;
import io.narthex.cli.page.OperatorStatusPage;
import io.narthex.cli.print.Visible;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Output;
import io.narthex.compiler.discovery.DiscoveryPool;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.docker.DockerClient;
import io.narthex.docker.DockerException;
import io.narthex.docker.DockerHost;
import io.narthex.prometheus.ClientLimits;
import io.narthex.prometheus.Credentials;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.prometheus.ServerAccess;
import io.narthex.prometheus.TargetQuery;
import io.narthex.reconcile.swarm.IdentityConfig;
import io.narthex.rollout.swarm.SwarmNames;
import io.narthex.rollout.swarm.TaskAddresses;
import io.narthex.status.JobStatus;
import io.narthex.status.ServerPhase;
import io.narthex.status.ServerStatus;
import io.narthex.status.StatusReader;
import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;

/** What an operator on Docker says of its servers, and what those say of their targets. */
final class OperatorStatus {

    private static final Set<String> SHARED = Set.of(DiscoveryPool.SHARED, DiscoveryPool.SHARED_BY_CONTAINERS);

    private final String url;
    private final DockerHost docker;
    private final InstantSource clock;
    private final ObjectMapper json = new ObjectMapper();

    /**
     * Makes one that asks nobody yet.
     *
     * @param url where the operator is
     * @param docker where Docker is, which keeps as whom Narthex comes to servers that ask
     * @param clock tells the time
     */
    OperatorStatus(String url, DockerHost docker, InstantSource clock) {
        this.url = url;
        this.docker = docker;
        this.clock = clock;
    }

    /** Returns what it says; empty where nobody answers there. */
    Optional<Report> ask() throws InterruptedException {
        return new OperatorClient(url)
                .get(OperatorStatusPage.PATH, OperatorStatusPage.KIND)
                .map(Report::new);
    }

    /** One answer. */
    final class Report {
        private final JsonNode document;

        private Report(JsonNode document) {
            this.document = document;
        }

        /** Prints it, and returns how the command ends. */
        ExitCode print(Output output, boolean failDown) {
            ArrayNode documents = json.createArrayNode();
            List<String> lines = new ArrayList<>();
            boolean ready = true;
            boolean down = false;
            for (JsonNode server : document.path("servers")) {
                // Who may ask such a server isn't told here, so its targets are asked for by --url.
                boolean closed = server.path("asksWhoComes").asBoolean();
                Optional<ServerStatus> status = closed ? Optional.empty() : status(server);
                boolean serves = status.filter(known -> known.phase() == ServerPhase.READY)
                        .isPresent();
                ready &= (serves || closed) && server.path("phase").asText().equals("ready");
                down |= status.filter(known -> known.down() > 0).isPresent();
                lines.addAll(lines(server, status, output));
                ObjectNode one = documents.addObject();
                one.setAll((ObjectNode) server);
                one.remove(OperatorStatusPage.ACCESS);
                status.ifPresent(known -> one.set("prometheus", StatusCommand.document(known, OptionalInt.empty())));
            }
            if (output.isText()) {
                head().forEach(output::line);
                lines.forEach(output::line);
            } else {
                ObjectNode whole = document.deepCopy();
                whole.set("servers", documents);
                output.json(whole);
            }
            if (!ready || documents.isEmpty()) {
                return ExitCode.ENVIRONMENT;
            }
            return failDown && down ? ExitCode.NO : ExitCode.OK;
        }

        private List<String> head() {
            List<String> lines = new ArrayList<>();
            if (document.has("problem")) {
                lines.add(Visible.of(document.path("problem").asText()));
            }
            if (document.has("waitsFor")) {
                lines.add(Visible.of(
                        "this operator waits: " + document.path("waitsFor").asText() + " works"));
            } else if (document.path("servers").isEmpty()) {
                lines.add("the operator has no server yet");
            }
            lines.addAll(diagnostics(document));
            return lines;
        }

        private List<String> lines(JsonNode server, Optional<ServerStatus> status, Output output) {
            List<String> lines = new ArrayList<>();
            String name = server.path("namespace").asText() + "/"
                    + server.path("name").asText();
            String stands = server.path("phase").asText().replace('_', ' ');
            lines.add(output.style()
                    .bold(Visible.of("PrometheusServer " + name
                            + (server.path("default").asBoolean() ? " (by default: none is declared)" : "")
                            + "  " + stands)));
            for (String field : List.of("obstacle", "detail")) {
                String text = server.path(field).asText();
                if (!text.isEmpty()) {
                    lines.add("  " + Visible.of(text));
                }
            }
            if (server.path("asksWhoComes").asBoolean()) {
                lines.add("  its targets: narthex status --url "
                        + Visible.of(server.path("url").asText()) + " --user NAME --password-file FILE");
            }
            status.ifPresent(known -> {
                lines.addAll(StatusCommand.lines(known, OptionalInt.empty(), output));
                lines.addAll(remedies(known));
            });
            lines.addAll(diagnostics(server));
            return lines;
        }

        /** Who runs this in a container has no other command at hand to look up what a code means. */
        private static List<String> remedies(ServerStatus status) {
            return status.jobs().stream()
                    .flatMap(job -> job.firstDown().stream()
                            .flatMap(target -> target.error().stream())
                            .filter(error -> !error.hint().isEmpty())
                            .map(error -> Visible.of(job.title() + ": " + error.brief() + ": " + error.hint())))
                    .distinct()
                    .toList();
        }

        private List<String> diagnostics(JsonNode holder) {
            List<String> lines = new ArrayList<>();
            for (JsonNode one : holder.path("diagnostics")) {
                String where = one.path("resource").asText(one.path("position").asText());
                lines.add(Visible.of(one.path("severity").asText() + "["
                        + one.path("code").asText() + "] " + (where.isEmpty() ? "" : where + ": ")
                        + one.path("message").asText()));
                if (!one.path("remedy").asText().isEmpty()) {
                    lines.add(Visible.of("  " + one.path("remedy").asText()));
                }
            }
            return lines;
        }

        private Optional<ServerStatus> status(JsonNode server) {
            if (!server.has("url")) {
                return Optional.empty();
            }
            PrometheusEndpoint endpoint;
            try {
                endpoint = endpoint(server);
            } catch (IllegalArgumentException e) {
                // Whoever answered is no operator of ours.
                return Optional.empty();
            }
            try (PrometheusClient client = new PrometheusClient(endpoint, ClientLimits.DEFAULT)) {
                ServerStatus status = new StatusReader(client, endpoint.base().toString(), clock)
                        .read(
                                Optional.empty(),
                                Optional.ofNullable(server.path("generation").textValue()),
                                Optional.empty(),
                                TargetQuery.OVERVIEW);
                return Optional.of(withEmpty(status, server.path("endpoints")));
            }
        }

        private PrometheusEndpoint endpoint(JsonNode server) {
            URI uri = URI.create(server.path("url").asText());
            JsonNode access = server.path(OperatorStatusPage.ACCESS);
            Optional<Identity> identity = Optional.ofNullable(
                            access.path("instance").textValue())
                    .flatMap(instance -> identity(
                            uri,
                            new SwarmNames(
                                    instance,
                                    ResourceKey.ofServer(
                                            server.path("namespace").asText(),
                                            server.path("name").asText()))));
            return new ServerAccess(
                            Optional.ofNullable(access.path("certificate").textValue()),
                            identity.map(Identity::credentials).orElse(Credentials.none()),
                            identity.map(Identity::clientCertificate))
                    .endpoint(uri);
        }

        /**
         * Returns as whom to come to a server. Anybody may answer in the operator's place, so Docker must know a task there;
         * where it can't be asked the server says itself that it lets in known users only.
         */
        private Optional<Identity> identity(URI claimed, SwarmNames names) {
            try (DockerClient client = new DockerClient(docker)) {
                return TaskAddresses.hold(client, names, claimed)
                        ? new IdentityConfig(client, names, clock).find()
                        : Optional.empty();
            } catch (DockerException | IOException e) {
                return Optional.empty();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.empty();
            }
        }

        /** An endpoint without a target is told of, too: that is what its author looks for. */
        private static ServerStatus withEmpty(ServerStatus status, JsonNode endpoints) {
            Set<String> seen = status.jobs().stream().map(JobStatus::name).collect(Collectors.toSet());
            List<JobStatus> jobs = new ArrayList<>(status.jobs());
            endpoints.fieldNames().forEachRemaining(endpoint -> {
                if (!seen.contains(endpoint)) {
                    jobs.add(JobStatus.withoutTargets(endpoint, "", Optional.empty(), Optional.empty()));
                }
            });
            // The job of all labels has targets of many names, and is told of by them.
            jobs.removeIf(job -> job.total() == 0 && SHARED.contains(job.name()));
            return status.withJobs(jobs);
        }
    }
}

package io.narthex.cli.kubectl;

import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.narthex.api.v1alpha1.ConditionType;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.cli.input.Input;
import io.narthex.compiler.Compilation;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.reconcile.kubernetes.ClusterPreview;
import io.narthex.reconcile.kubernetes.Consent;
import io.narthex.rollout.kubernetes.DeploymentFactory;
import io.narthex.rollout.kubernetes.ObjectNames;
import io.narthex.source.kubernetes.ClusterReader;
import io.narthex.source.kubernetes.ClusterReader.KindUnknownException;
import io.narthex.source.kubernetes.ClusterState;
import io.narthex.source.kubernetes.OperatorArguments;
import io.narthex.source.kubernetes.StoredObject;
import io.narthex.status.kubernetes.Conditions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A cluster as it is, and as it would be with the resources of some files applied.
 *
 * @param preview says what an operator would make of it
 * @param now what is declared
 * @param then what would be declared
 * @param changed the resources of the files
 * @param observations returns what couldn't be looked at so far
 */
record ClusterFiles(
        ClusterPreview preview,
        Inventory now,
        Inventory then,
        Set<ResourceKey> changed,
        Supplier<List<String>> observations) {

    private static final String SEES_ALL = "seesAllNamespaces";

    /** Returns what couldn't be looked at so far. */
    List<String> notes() {
        return observations.get();
    }

    /** Looks at the cluster, and at what the files would change of it. */
    static ClusterFiles look(KubernetesClient client, String namespace, Input input, Compiler compiler)
            throws KindUnknownException {
        ClusterReader reader = new ClusterReader(client);
        ClusterState state = reader.all(namespace);
        List<String> notes = new ArrayList<>();
        ClusterPreview preview = new ClusterPreview(
                consent(reader, namespace, state, input, notes), names -> owned(reader, state, names));
        Inventory now = asItRuns(compiler, preview, state, notes);
        Inventory then = now;
        Set<ResourceKey> changed = new TreeSet<>();
        for (Declared<?> resource : input.snapshot().resources()) {
            then = then.with(resource);
            changed.add(resource.key());
        }
        Set<SecretId> wanted = new TreeSet<>();
        for (Inventory side : List.of(now, then)) {
            side.servers()
                    .forEach(server -> preview.compile(compiler, server, side)
                            .wantedCredentials()
                            .keys()
                            .forEach(wanted::add));
        }
        return new ClusterFiles(
                preview,
                reader.withCredentials(now, wanted),
                reader.withCredentials(then, wanted),
                changed,
                () -> Stream.concat(reader.notes().stream(), notes.stream()).toList());
    }

    private static Optional<StatefulSet> owned(ClusterReader reader, ClusterState state, ObjectNames names) {
        Optional<String> uid = state.objects().get(names.server()).map(StoredObject::uid);
        return uid.flatMap(owner -> reader.statefulSet(names.namespace(), names.statefulSet())
                .filter(set -> DeploymentFactory.isOwned(set, owner)));
    }

    /** Of a server whose newest version the operator doesn't carry out, the one before runs. */
    private static Inventory asItRuns(
            Compiler compiler, ClusterPreview preview, ClusterState state, List<String> notes) {
        Inventory declared = state.inventory();
        Inventory runs = declared;
        for (Declared<PrometheusServerSpec> server : declared.servers().toList()) {
            Optional<Declared<PrometheusServerSpec>> earlier =
                    isRefused(state, server.key()) ? preview.earlier(compiler, server, declared) : Optional.empty();
            if (earlier.isPresent()) {
                runs = runs.with(earlier.get());
                notes.add("the version of " + server.key()
                        + " in the cluster is refused (its status says why): the one that it goes on with counts here");
            }
        }
        return runs;
    }

    private static boolean isRefused(ClusterState state, ResourceKey server) {
        return state.objects()
                .get(server)
                .map(object -> Conditions.find(object.status().tree(), ConditionType.CONFIG_ACCEPTED))
                .filter(accepted -> ClusterStory.verdict(accepted) == ClusterStory.Verdict.NO)
                .isPresent();
    }

    /**
     * Which namespaces servers may see. The operator says of each server whether it sees all; that goes by the server's own
     * namespace. Of a namespace's first server no operator has said it yet: it goes by what the operator was started with.
     */
    private static Consent consent(
            ClusterReader reader, String own, ClusterState state, Input input, List<String> notes) {
        Set<String> platform = new TreeSet<>();
        Set<String> told = new TreeSet<>();
        ClusterStory.all(state).filter(story -> story.status().has(SEES_ALL)).forEach(story -> {
            told.add(story.key().namespace());
            if (story.status().path(SEES_ALL).asBoolean()) {
                platform.add(story.key().namespace());
            }
        });
        List<Declared<PrometheusServerSpec>> servers = Stream.concat(
                        state.inventory().servers(),
                        input.snapshot().resources().stream()
                                .flatMap(resource -> resource.as(PrometheusServerSpec.class).stream()))
                .toList();
        Set<String> confined = new TreeSet<>();
        Set<String> free = new TreeSet<>();
        List<OperatorArguments> operators = servers.isEmpty() ? List.of() : reader.operators(own);
        for (Declared<PrometheusServerSpec> server : servers) {
            String where = server.key().namespace();
            List<OperatorArguments> its = operators.stream()
                    .filter(operator -> operator.takes(server.spec().operatorClass(), where))
                    .toList();
            if (!its.isEmpty()) {
                boolean whole =
                        its.stream().anyMatch(operator -> operator.namespaces().isEmpty());
                (whole ? free : confined).add(where);
            }
            if (told.contains(where)) {
                continue;
            }
            if (its.stream().anyMatch(operator -> operator.platformNamespaces().contains(where))) {
                platform.add(where);
            }
            if (its.isEmpty()) {
                notes.add("you see no operator of " + server.key()
                        + ": whether the server may see all namespaces isn't known, and it counts as one that may not");
            }
        }
        // A server of another class counts as its neighbour that sees more.
        confined.removeAll(free);
        return new Consent(platform, confined);
    }

    /** Returns whether applying the files may concern a server. */
    boolean concerns(Declared<PrometheusServerSpec> server, Compilation compiled) {
        return changed.contains(server.key()) || changed.stream().anyMatch(compiled::selects);
    }
}

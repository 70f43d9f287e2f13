package io.narthex.source.kubernetes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.api.v1alpha1.ApiKinds;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Looks once at what a cluster declares, with the rights of whoever looks: what may not be read isn't there, and is
 * noted. For one thread.
 */
public final class ClusterReader {

    /**
     * So long a request may take with its whole answer. The client's own limit is for silence before an answer begins: one
     * that begins and goes no further it awaits for ever.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(25);

    /** So many objects are asked for at a time, for each answer to be short. */
    private static final long PAGE = 500;

    private final KubernetesClient client;
    private final Duration patience;
    private final ResourceBinder binder = new ResourceBinder();
    private final Set<String> notes = new LinkedHashSet<>();

    /** The cluster doesn't know a kind: Narthex's definitions aren't there. */
    public static final class KindUnknownException extends Exception {
        private static final long serialVersionUID = 1;

        KindUnknownException(String kind) {
            super("the cluster knows no " + kind);
        }
    }

    /**
     * Makes one.
     *
     * @param client asks the API server; not closed here
     */
    public ClusterReader(KubernetesClient client) {
        this(client, PATIENCE);
    }

    ClusterReader(KubernetesClient client, Duration patience) {
        this.client = client;
        this.patience = patience;
    }

    /**
     * Returns what is declared in one namespace.
     *
     * @throws KindUnknownException where the definitions aren't installed
     * @throws KubernetesClientException where the API server can't be asked, or refuses
     */
    public ClusterState namespace(String namespace) throws KindUnknownException {
        ClusterState state = ClusterState.EMPTY;
        for (String kind : ApiKinds.SPECS.keySet()) {
            state = add(state, kind, list(kind, Optional.of(namespace)));
        }
        return state;
    }

    /**
     * Returns what is declared in all namespaces; where not all may be read, in {@code own}.
     *
     * @throws KindUnknownException where the definitions aren't installed
     * @throws KubernetesClientException where the API server can't be asked, or refuses even that
     */
    public ClusterState all(String own) throws KindUnknownException {
        ClusterState state = ClusterState.EMPTY;
        for (String kind : ApiKinds.SPECS.keySet()) {
            List<GenericKubernetesResource> found;
            try {
                found = list(kind, Optional.empty());
            } catch (KubernetesClientException e) {
                if (e.getCode() != 403) {
                    throw e;
                }
                notes.add("you may list " + ClusterSource.context(kind).getPlural() + " in " + own
                        + " only: those of other namespaces don't count here");
                found = list(kind, Optional.of(own));
            }
            state = add(state, kind, found);
        }
        try {
            for (Namespace namespace : within(() -> client.namespaces().list().getItems())) {
                state = state.withNamespace(namespace.getMetadata().getName(), labels(namespace.getMetadata()));
            }
        } catch (KubernetesClientException e) {
            if (e.getCode() != 403) {
                throw e;
            }
            notes.add("you may not list namespaces: selectors of namespaces and their consent aren't known here");
        }
        return state;
    }

    /**
     * Returns an inventory with the credentials that are asked for, as far as they are there. One that may not be read
     * counts as being there, with a content of no meaning.
     */
    public Inventory withCredentials(Inventory inventory, Set<SecretId> wanted) {
        Inventory result = inventory;
        for (SecretId id : wanted) {
            try {
                Optional<SecretValue> value = id.isConfigMap() ? configMapEntry(id) : secretEntry(id);
                if (value.isPresent()) {
                    result = result.with(id, value.get());
                }
            } catch (KubernetesClientException e) {
                if (e.getCode() != 403) {
                    throw e;
                }
                notes.add("you may not read " + (id.isConfigMap() ? "ConfigMaps" : "Secrets") + " of " + id.namespace()
                        + ": what they hold isn't checked");
                result = result.with(id, SecretValue.of("not read"));
            }
        }
        return result;
    }

    /** Returns a StatefulSet; empty where it isn't there, or may not be read. */
    public Optional<StatefulSet> statefulSet(String namespace, String name) {
        try {
            return within(() -> Optional.ofNullable(client.apps()
                    .statefulSets()
                    .inNamespace(namespace)
                    .withName(name)
                    .get()));
        } catch (KubernetesClientException e) {
            if (e.getCode() != 403) {
                throw e;
            }
            notes.add("you may not read StatefulSets of " + namespace
                    + ": whether a server's storage can be changed isn't checked");
            return Optional.empty();
        }
    }

    /**
     * Returns what the operators of the cluster were started with; where not all Deployments may be listed, those of {@code
     * own}.
     */
    public List<OperatorArguments> operators(String own) {
        List<Deployment> found;
        try {
            found = deployments(Optional.empty());
        } catch (KubernetesClientException e) {
            if (e.getCode() != 403) {
                throw e;
            }
            try {
                found = deployments(Optional.of(own));
            } catch (KubernetesClientException again) {
                if (again.getCode() != 403) {
                    throw again;
                }
                found = List.of();
            }
        }
        return found.stream().flatMap(OperatorArguments::of).toList();
    }

    private List<Deployment> deployments(Optional<String> namespace) {
        var all = client.apps().deployments();
        var some = namespace.isPresent() ? all.inNamespace(namespace.get()) : all.inAnyNamespace();
        return within(() -> some.withLabel(OperatorArguments.LABEL, OperatorArguments.COMMAND)
                .list()
                .getItems());
    }

    /** Returns what couldn't be looked at, a sentence each. */
    public List<String> notes() {
        return List.copyOf(notes);
    }

    private Optional<SecretValue> secretEntry(SecretId id) {
        return within(() -> Optional.ofNullable(client.secrets()
                        .inNamespace(id.namespace())
                        .withName(id.objectName())
                        .get()))
                .map(secret -> secret.getData())
                .map(data -> data.get(id.key()))
                .map(text -> SecretValue.of(Base64.getDecoder().decode(text)));
    }

    private Optional<SecretValue> configMapEntry(SecretId id) {
        return within(() -> Optional.ofNullable(client.configMaps()
                        .inNamespace(id.namespace())
                        .withName(id.objectName())
                        .get()))
                .map(map -> map.getData())
                .map(data -> data.get(id.key()))
                .map(SecretValue::of);
    }

    private List<GenericKubernetesResource> list(String kind, Optional<String> namespace) throws KindUnknownException {
        var all = client.genericKubernetesResources(ClusterSource.context(kind));
        var some = namespace.isPresent() ? all.inNamespace(namespace.get()) : all.inAnyNamespace();
        List<GenericKubernetesResource> found = new ArrayList<>();
        try {
            String next = null;
            do {
                ListOptions page = new ListOptionsBuilder()
                        .withLimit(PAGE)
                        .withContinue(next)
                        .build();
                GenericKubernetesResourceList answer = within(() -> some.list(page));
                found.addAll(answer.getItems());
                next = answer.getMetadata().getContinue();
            } while (next != null && !next.isEmpty());
            return found;
        } catch (KubernetesClientException e) {
            if (e.getCode() == 404) {
                throw new KindUnknownException(kind);
            }
            throw e;
        }
    }

    private <T> T within(Supplier<T> request) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        Thread asking = Thread.ofVirtual().start(() -> {
            try {
                answer.complete(request.get());
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        });
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException problem ? problem : new IllegalStateException(e);
        } catch (TimeoutException e) {
            throw new KubernetesClientException(
                    "its answer isn't complete after " + patience.toSeconds() + " seconds", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KubernetesClientException("interrupted", e);
        } finally {
            asking.interrupt();
        }
    }

    private ClusterState add(ClusterState before, String kind, List<GenericKubernetesResource> objects) {
        ClusterState state = before;
        for (GenericKubernetesResource object : objects) {
            ResourceKey key = ResourceBinder.key(kind, object.getMetadata());
            StoredObject stored = binder.stored(object);
            state = switch (binder.bind(kind, object)) {
                case ResourceBinder.Bound.Taken(var resource) -> state.with(resource, stored);
                case ResourceBinder.Bound.Unreadable(var problem) -> state.withUnreadable(key, problem, stored);
            };
        }
        return state;
    }

    private static Map<String, String> labels(ObjectMeta metadata) {
        return metadata.getLabels() == null ? Map.of() : metadata.getLabels();
    }
}

package io.narthex.compiler.model;

import io.narthex.api.v1alpha1.MonitorSpec;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.RuleSetSpec;
import io.narthex.compiler.swarm.DockerSecret;
import io.narthex.compiler.swarm.SwarmService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Everything declared at one moment, and what it refers to. Immutable; versions share what they have in common, so that
 * changing one resource among ten thousand costs the same as among ten, and the compiler sees at once what changed.
 */
public final class Inventory {

    /** The inventory in which nothing is declared. */
    public static final Inventory EMPTY = new Inventory(
            BucketMap.empty(),
            BucketMap.empty(),
            BucketMap.empty(),
            BucketMap.empty(),
            BucketMap.empty(),
            Optional.empty());

    /** A label of a namespace: the namespace whose servers may see it, though it isn't their own. */
    public static final String MONITORED_FROM = "monitoring.narthex.io/monitored-from";

    /** The kind of a Swarm's services among the resources. */
    public static final String SERVICE = "Service";

    private final BucketMap<ResourceKey, Declared<?>> resources;
    private final BucketMap<SecretId, SecretValue> secrets;
    private final BucketMap<String, DockerSecret> dockerSecrets;
    private final BucketMap<String, Map<String, String>> namespaces;
    private final BucketMap<String, QueryVerdict> queries;
    private final Optional<Set<String>> visibleNamespaces;

    private Inventory(
            BucketMap<ResourceKey, Declared<?>> resources,
            BucketMap<SecretId, SecretValue> secrets,
            BucketMap<String, DockerSecret> dockerSecrets,
            BucketMap<String, Map<String, String>> namespaces,
            BucketMap<String, QueryVerdict> queries,
            Optional<Set<String>> visibleNamespaces) {
        this.resources = resources;
        this.secrets = secrets;
        this.dockerSecrets = dockerSecrets;
        this.namespaces = namespaces;
        this.queries = queries;
        this.visibleNamespaces = visibleNamespaces;
    }

    /** Returns this inventory with {@code resource}, in place of any other of the same key. */
    public Inventory with(Declared<?> resource) {
        return changed(resources.with(resource.key(), resource), secrets, dockerSecrets, namespaces, queries);
    }

    /** Returns this inventory without the resource {@code key}. */
    public Inventory without(ResourceKey key) {
        return changed(resources.without(key), secrets, dockerSecrets, namespaces, queries);
    }

    /** Returns this inventory with the credential {@code id}. */
    public Inventory with(SecretId id, SecretValue value) {
        return secrets.get(id).filter(value::equals).isPresent()
                ? this
                : changed(resources, secrets.with(id, value), dockerSecrets, namespaces, queries);
    }

    /** Returns this inventory without the credential {@code id}. */
    public Inventory without(SecretId id) {
        return changed(resources, secrets.without(id), dockerSecrets, namespaces, queries);
    }

    /**
     * Returns this inventory with a service of a Swarm as a resource, in place of any other of the same name; this very
     * inventory where an equal one is declared already, so that looking again costs nothing.
     */
    public Inventory with(SwarmService service) {
        ResourceKey key = keyOf(service);
        return find(key).map(Declared::spec).filter(service::equals).isPresent()
                ? this
                : with(new Declared<>(key, service.labels(), Map.of(), service, SourceMap.NONE));
    }

    /** Returns the key of a service of a Swarm: its whole name, in the namespace of its stack. */
    public static ResourceKey keyOf(SwarmService service) {
        return new ResourceKey(SERVICE, service.stack().orElse(SwarmService.NO_STACK), service.name());
    }

    /** Returns this inventory with a secret of a Swarm, in place of any other of the same name. */
    public Inventory with(DockerSecret secret) {
        return dockerSecret(secret.name()).filter(secret::equals).isPresent()
                ? this
                : changed(resources, secrets, dockerSecrets.with(secret.name(), secret), namespaces, queries);
    }

    /** Returns this inventory without the secret {@code name} of a Swarm. */
    public Inventory withoutDockerSecret(String name) {
        return changed(resources, secrets, dockerSecrets.without(name), namespaces, queries);
    }

    /** Returns this inventory with these {@code labels} of a namespace; without them it has none. */
    public Inventory withNamespace(String name, Map<String, String> labels) {
        return labels.equals(namespaceLabels(name))
                ? this
                : changed(
                        resources,
                        secrets,
                        dockerSecrets,
                        labels.isEmpty() ? namespaces.without(name) : namespaces.with(name, Map.copyOf(labels)),
                        queries);
    }

    /** Returns this inventory with what is known of expressions, by their text, in place of what was known before. */
    public Inventory withQueries(BucketMap<String, QueryVerdict> verdicts) {
        return changed(resources, secrets, dockerSecrets, namespaces, verdicts);
    }

    /** Returns this inventory for a server whose Prometheus may discover targets in these namespaces alone. */
    public Inventory seenIn(Set<String> visible) {
        return visibleNamespaces.filter(visible::equals).isPresent()
                ? this
                : new Inventory(
                        resources, secrets, dockerSecrets, namespaces, queries, Optional.of(Set.copyOf(visible)));
    }

    private Inventory changed(
            BucketMap<ResourceKey, Declared<?>> newResources,
            BucketMap<SecretId, SecretValue> newSecrets,
            BucketMap<String, DockerSecret> newDockerSecrets,
            BucketMap<String, Map<String, String>> newNamespaces,
            BucketMap<String, QueryVerdict> newQueries) {
        return newResources == resources
                        && newSecrets == secrets
                        && newDockerSecrets == dockerSecrets
                        && newNamespaces == namespaces
                        && newQueries == queries
                ? this
                : new Inventory(
                        newResources, newSecrets, newDockerSecrets, newNamespaces, newQueries, visibleNamespaces);
    }

    /** Returns the resource {@code key}, if it is declared. */
    public Optional<Declared<?>> find(ResourceKey key) {
        return resources.get(key);
    }

    /** Returns the resources of one kind, such as {@code Monitor}, ordered by key. */
    public Stream<Declared<?>> ofKind(String kind) {
        return resources
                .values()
                .filter(resource -> resource.key().kind().equals(kind))
                .sorted((a, b) -> a.key().compareTo(b.key()));
    }

    /** Returns all PrometheusServers, ordered by key. */
    public Stream<Declared<PrometheusServerSpec>> servers() {
        return ofType(PrometheusServerSpec.class);
    }

    /** Returns all Monitors, ordered by key. */
    public Stream<Declared<MonitorSpec>> monitors() {
        return ofType(MonitorSpec.class);
    }

    /** Returns all RuleSets, ordered by key. */
    public Stream<Declared<RuleSetSpec>> ruleSets() {
        return ofType(RuleSetSpec.class);
    }

    /** Returns all services of a Swarm, ordered by key. */
    public Stream<Declared<SwarmService>> services() {
        return ofType(SwarmService.class);
    }

    private <S> Stream<Declared<S>> ofType(Class<S> type) {
        return resources
                .values()
                .filter(resource -> type.isInstance(resource.spec()))
                .flatMap(resource -> resource.as(type).stream())
                .sorted((a, b) -> a.key().compareTo(b.key()));
    }

    /** Returns the credential {@code id}, if it is known. */
    public Optional<SecretValue> secret(SecretId id) {
        return secrets.get(id);
    }

    /** Returns the secret {@code name} of the Swarm, if there is one. */
    public Optional<DockerSecret> dockerSecret(String name) {
        return dockerSecrets.get(name);
    }

    /** Returns the labels of the namespace {@code name}; empty where they aren't known. */
    public Map<String, String> namespaceLabels(String name) {
        return namespaces.get(name).orElse(Map.of());
    }

    /** Returns all resources by key. */
    public BucketMap<ResourceKey, Declared<?>> resources() {
        return resources;
    }

    /** Returns how many resources of each kind there are. */
    public SortedMap<String, Long> countsByKind() {
        SortedMap<String, Long> counts = new TreeMap<>();
        resources.forEach((key, resource) -> counts.merge(key.kind(), 1L, Long::sum));
        return counts;
    }

    /** Returns all credentials that were found for the resources. */
    public BucketMap<SecretId, SecretValue> secrets() {
        return secrets;
    }

    /** Returns the secrets of the Swarm, by name. */
    public BucketMap<String, DockerSecret> dockerSecrets() {
        return dockerSecrets;
    }

    /** Returns the labels of all namespaces that have some. */
    public BucketMap<String, Map<String, String>> namespaces() {
        return namespaces;
    }

    /** Returns the namespaces of the cluster in which Prometheus may discover targets; empty where it may in all. */
    public Optional<Set<String>> visibleNamespaces() {
        return visibleNamespaces;
    }

    /** Returns the keys of the resources whose namespaces have other labels than in {@code earlier}. */
    public List<ResourceKey> inNamespacesOtherThan(Inventory earlier) {
        Set<String> changed = new HashSet<>();
        namespaces.differences(earlier.namespaces, (name, before, now) -> changed.add(name));
        List<ResourceKey> keys = new ArrayList<>();
        if (!changed.isEmpty()) {
            resources.forEach((key, resource) -> {
                if (changed.contains(key.namespace())) {
                    keys.add(key);
                }
            });
        }
        return keys;
    }

    /** Returns what is known of expressions, by their text; one that nobody could be asked about is missing. */
    public BucketMap<String, QueryVerdict> queries() {
        return queries;
    }

    @Override
    public String toString() {
        return "Inventory[" + resources.size() + " resources]";
    }
}

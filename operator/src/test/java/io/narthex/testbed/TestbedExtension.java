package io.narthex.testbed;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The testbed's Kubernetes for the tests of a class, and a namespace of its own for each test. */
public final class TestbedExtension
        implements BeforeAllCallback, AfterAllCallback, BeforeEachCallback, AfterEachCallback {

    /** Of the test that runs in this thread: tests of a class may run at the same time. */
    private static final ThreadLocal<String> NAMESPACE = new ThreadLocal<>();

    private final String prefix;
    private final boolean definitions;
    private final Map<String, String> labels;

    private @Nullable Testbed testbed;

    private TestbedExtension(String prefix, boolean definitions, Map<String, String> labels) {
        this.prefix = prefix;
        this.definitions = definitions;
        this.labels = labels;
    }

    /** Returns one whose namespaces' names begin with {@code prefix}; without the custom resource definitions. */
    public static TestbedExtension plain(String prefix) {
        return new TestbedExtension(prefix, false, Map.of());
    }

    /** Returns one with the custom resource definitions of this checkout; {@code labels} are those of its namespaces. */
    public static TestbedExtension withDefinitions(String prefix, Map<String, String> labels) {
        return new TestbedExtension(prefix, true, labels);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        testbed = Testbed.up();
        if (definitions) {
            testbed.installDefinitions();
        }
    }

    @Override
    public void beforeEach(ExtensionContext context) {
        NAMESPACE.set(testbed().newNamespace(prefix, labels));
    }

    @Override
    public void afterEach(ExtensionContext context) {
        String used = NAMESPACE.get();
        if (used != null) {
            client().namespaces().withName(used).delete();
            NAMESPACE.remove();
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (testbed != null) {
            testbed.down();
        }
    }

    /** Returns the testbed. */
    public Testbed testbed() {
        return Objects.requireNonNull(testbed, "no test of its class runs");
    }

    /** Returns a client of the cluster's administrator. */
    public KubernetesClient client() {
        return testbed().administrator();
    }

    /** Returns the namespace of the test that runs in this thread. */
    public String namespace() {
        return Objects.requireNonNull(NAMESPACE.get(), "no test runs");
    }

    /** Makes an object in the test's namespace that can own others; returns how they name it. */
    public OwnerReference newOwner() {
        ConfigMap owner = client().resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("main")
                        .withNamespace(namespace())
                        .endMetadata()
                        .build())
                .serverSideApply();
        return new OwnerReferenceBuilder()
                .withApiVersion("v1")
                .withKind("ConfigMap")
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .build();
    }
}

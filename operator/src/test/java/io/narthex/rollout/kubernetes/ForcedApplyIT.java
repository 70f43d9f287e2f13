package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBindingBuilder;
import io.fabric8.kubernetes.api.model.rbac.RoleBinding;
import io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.testbed.TestbedExtension;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whose objects are taken over and whose aren't, in a real API server. */
class ForcedApplyIT {

    @RegisterExtension
    static final TestbedExtension TESTBED = TestbedExtension.plain("apply");

    private KubernetesClient client;

    private String namespace;
    private ForcedApply apply;

    @BeforeEach
    void begin() {
        client = TESTBED.client();
        namespace = TESTBED.namespace();
        apply = new ForcedApply(client);
    }

    @AfterEach
    void end() {
        client.rbac().clusterRoleBindings().withName(namespace).delete();
    }

    private RoleBinding binding(String role, Map<String, String> labels) {
        return new RoleBindingBuilder()
                .withNewMetadata()
                .withName("main")
                .withNamespace(namespace)
                .withLabels(labels)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", role)
                .addNewSubject("", "ServiceAccount", "main", namespace)
                .build();
    }

    private RoleBinding there() {
        return client.rbac()
                .roleBindings()
                .inNamespace(namespace)
                .withName("main")
                .get();
    }

    @Test
    void aBindingToAnotherRoleIsMadeAnew() {
        Map<String, String> ours = Map.of(ObjectNames.MANAGED_BY, ObjectNames.NARTHEX);
        apply.write(binding("team-a-discovery", ours));
        apply.write(binding("narthex-discovery", ours));

        assertThat(there().getRoleRef().getName()).isEqualTo("narthex-discovery");
        assertThat(there().getSubjects()).hasSize(1);
        String uid = there().getMetadata().getUid();
        apply.write(binding("narthex-discovery", ours));
        assertThat(there().getMetadata().getUid()).as("nothing differs").isEqualTo(uid);

        ClusterRoleBinding everywhere = new ClusterRoleBindingBuilder()
                .withNewMetadata()
                .withName(namespace)
                .withLabels(ours)
                .endMetadata()
                .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "team-a-discovery")
                .build();
        apply.write(everywhere);
        apply.write(new ClusterRoleBindingBuilder(everywhere)
                .editRoleRef()
                .withName("narthex-discovery")
                .endRoleRef()
                .build());
        assertThat(client.rbac()
                        .clusterRoleBindings()
                        .withName(namespace)
                        .get()
                        .getRoleRef()
                        .getName())
                .isEqualTo("narthex-discovery");
    }

    @Test
    void aBindingOfOthersStaysAsItIs() {
        client.resource(binding("view", Map.of())).create();

        assertThatThrownBy(() ->
                        apply.write(binding("narthex-discovery", Map.of(ObjectNames.MANAGED_BY, ObjectNames.NARTHEX))))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining("roleRef");
        assertThat(there().getRoleRef().getName()).isEqualTo("view");
    }

    private ServiceAccount account(Map<String, String> labels, OwnerReference... owners) {
        return new ServiceAccountBuilder()
                .withNewMetadata()
                .withName("main")
                .withNamespace(namespace)
                .withLabels(labels)
                .withOwnerReferences(owners)
                .endMetadata()
                .build();
    }

    private static Map<String, String> labels(String server) {
        return ObjectNames.of(new ResourceKey("PrometheusServer", "shop", server))
                .labels("server");
    }

    /** In place of a server, whose definition isn't needed here. */
    private OwnerReference owner(String name) {
        ConfigMap server = client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .withNamespace(namespace)
                        .endMetadata()
                        .build())
                .create();
        return new OwnerReferenceBuilder()
                .withApiVersion("v1")
                .withKind("ConfigMap")
                .withName(name)
                .withUid(server.getMetadata().getUid())
                .build();
    }

    /** As it is after {@code kubectl delete --cascade=orphan} of a server that is declared again. */
    @Test
    void whatAServerOfItsNameLeftIsTakenUp() throws Exception {
        client.resource(account(labels("main"))).create();
        OwnerReference owner = owner("main");

        apply.writeOwn(account(labels("main"), owner));

        assertThat(client.resource(account(Map.of())).get().getMetadata().getOwnerReferences())
                .containsExactly(owner);
        assertThatThrownBy(() -> apply.writeOwn(account(labels("main"), owner("other"))))
                .as("another server owns it")
                .isInstanceOf(NotOurs.class);
    }

    @Test
    void whatBelongsToNobodyKnownIsNotTakenUp() {
        OwnerReference owner = owner("main");
        for (Map<String, String> theirs : List.of(Map.<String, String>of(), labels("other"))) {
            client.resource(account(theirs)).create();
            assertThatThrownBy(() -> apply.writeOwn(account(labels("main"), owner)))
                    .isInstanceOf(NotOurs.class);
            client.resource(account(theirs)).delete();
        }
    }
}

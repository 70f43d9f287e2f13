package io.narthex.reconcile.kubernetes;

import static io.narthex.reconcile.kubernetes.TestNamespace.LONG;
import static io.narthex.reconcile.kubernetes.TestNamespace.condition;
import static io.narthex.reconcile.kubernetes.TestNamespace.self;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinitionBuilder;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaProps;
import io.fabric8.kubernetes.api.model.apiextensions.v1.JSONSchemaPropsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.narthex.api.v1alpha1.ApiGroup;
import io.narthex.compiler.model.Inventory;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What only an administrator's looser definition lets in is named, and what was known of it before goes on. */
class LooseDefinitionsIT {

    @RegisterExtension
    static final OperatorExtension CLUSTER = OperatorExtension.forEach();

    private TestNamespace home;

    @BeforeEach
    void begin() {
        home = CLUSTER.namespace();
    }

    /** An administrator's definition that lets everything in: what is stored under it needn't be a Monitor any more. */
    @Test
    void whatOnlyALooserDefinitionLetsInIsNamedAndTheJobGoesOn() throws Exception {
        home.declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
        for (String name : List.of("unknown", "late", "form")) {
            home.declare("Monitor", name, self("1s"));
            home.awaitCondition("Monitor", name, "Ready", "True AsDeclared");
        }
        try (LooseDefinition _ = new LooseDefinition(CLUSTER.admin(), "monitors")) {
            home.declare("Monitor", "unknown", self("1s") + "nonsense: 1\n");
            home.declare("Monitor", "form", "source: nonsense\nendpoints: [{interval: 2s}]\n");
            awaitUnreadable(
                    "unknown", "spec.nonsense: the resource can't be read: this release doesn't know the field");
            awaitUnreadable("form", "spec.source: the resource can't be read");
            home.declare("Monitor", "late", self("1s") + "nonsense: 1\n");
            awaitUnreadable("late", "spec.nonsense");

            home.awaitIntervals("1s", 3);
            CLUSTER.stopOperator();
            CLUSTER.startOperator();
            home.declare("Monitor", "second", self("3s"));
            home.awaitCondition("Monitor", "second", "Ready", "True AsDeclared");
            awaitUnreadable("form", "spec.source");
            home.awaitIntervals("1s", 3);

            home.declare("Monitor", "form", self("2s"));
            home.awaitCondition("Monitor", "form", "Ready", "True AsDeclared");
            home.awaitIntervals("2s", 1);
        }
        // What the definition doesn't know, the API server no longer says.
        home.awaitCondition("Monitor", "unknown", "Ready", "True AsDeclared");
        home.awaitCondition("Monitor", "late", "Ready", "True AsDeclared");
        home.awaitIntervals("1s", 2);
    }

    private void awaitUnreadable(String monitor, String words) {
        await().atMost(LONG).untilAsserted(() -> {
            JsonNode status = home.status("Monitor", monitor);
            assertThat(condition(status, "Ready")).as("%s", status).isEqualTo("False Invalid");
            assertThat(status.path("conditions").toString()).contains("NX1122", words);
            JsonNode server = status.path("servers").path(0);
            assertThat(condition(server, "Accepted")).as("%s", status).isEqualTo("False Invalid");
            assertThat(condition(server, "Loaded")).as("%s", status).isEqualTo("False Invalid");
            assertThat(server.path("conditions").toString()).contains("the server goes on with the version before");
        });
    }

    /** Whoever rolls the operator back by a release has a server with a field that the older one doesn't know. */
    @Test
    void aServerThatCanNotBeReadKeepsItsRights() throws Exception {
        try (TestNamespace other = CLUSTER.newNamespace(Map.of(Inventory.MONITORED_FROM, home.name()));
                LooseDefinition _ = new LooseDefinition(CLUSTER.admin(), "prometheusservers")) {
            home.declare("PrometheusServer", "main", "scrapeInterval: 1s\n");
            await().atMost(LONG).until(() -> other.roleBindings() == 1);
            CLUSTER.stopOperator();
            home.declare("PrometheusServer", "main", "scrapeInterval: 1s\nnonsense: 1\n");
            home.declare("Monitor", "self", self("1s"));

            CLUSTER.startOperator();

            home.awaitCondition("PrometheusServer", "main", "ConfigAccepted", "False Invalid");
            assertThat(other.roleBindings()).isEqualTo(1);
            assertThat(home.status("Monitor", "self").toString()).doesNotContain("NotSelected");
        }
    }

    /** Has the API server store whatever is in a specification, as an administrator's own definition might, until it is closed. */
    private static final class LooseDefinition implements AutoCloseable {

        private final KubernetesClient admin;
        private final CustomResourceDefinition strict;

        /**
         * Loosens a definition.
         *
         * @param plural of its kind, such as {@code monitors}
         */
        LooseDefinition(KubernetesClient admin, String plural) {
            this.admin = admin;
            this.strict = admin.apiextensions()
                    .v1()
                    .customResourceDefinitions()
                    .withName(plural + "." + ApiGroup.NAME)
                    .get();
            CustomResourceDefinition loose = new CustomResourceDefinitionBuilder(strict).build();
            JSONSchemaProps anything = new JSONSchemaPropsBuilder()
                    .withType("object")
                    .withXKubernetesPreserveUnknownFields(true)
                    .build();
            loose.getSpec()
                    .getVersions()
                    .forEach(version -> version.getSchema()
                            .getOpenAPIV3Schema()
                            .getProperties()
                            .put("spec", anything));
            replace(loose);
        }

        private void replace(CustomResourceDefinition definition) {
            definition.getMetadata().setResourceVersion(null);
            definition.getMetadata().setManagedFields(null);
            admin.resource(definition).update();
        }

        /** Puts the definition back as it was. */
        @Override
        public void close() {
            replace(strict);
        }
    }
}

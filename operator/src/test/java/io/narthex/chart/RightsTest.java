package io.narthex.chart;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The roles that the chart makes grant what docs/kubernetes.md says, and nothing by a wildcard. */
class RightsTest {

    private static final String[] READ = {"get", "list", "watch"};

    private static List<PolicyRule> rules(String role) throws IOException {
        return new KubernetesSerialization()
                .unmarshal(
                        Files.readString(Path.of("..", "helm", "narthex", "rbac", role + ".yaml")), ClusterRole.class)
                .getRules();
    }

    @ParameterizedTest
    @ValueSource(strings = {"operator", "lease", "discovery"})
    void noRoleGrantsByAWildcardOrLeadsToMore(String role) throws IOException {
        assertThat(rules(role)).isNotEmpty().allSatisfy(rule -> {
            List<String> all = new ArrayList<>(rule.getVerbs());
            all.addAll(rule.getApiGroups());
            all.addAll(rule.getResources());
            all.addAll(rule.getNonResourceURLs());
            assertThat(all)
                    .doesNotContain(
                            "*",
                            "escalate",
                            "impersonate",
                            "deletecollection",
                            "pods/exec",
                            "pods/attach",
                            "pods/portforward",
                            "pods/log",
                            "pods/ephemeralcontainers",
                            "serviceaccounts/token");
        });
    }

    /** One more right is a decision, which docs/kubernetes.md explains. */
    @Test
    void theOperatorHasExactlyTheseRights() throws IOException {
        Map<String, String> rights = new TreeMap<>();
        for (PolicyRule rule : rules("operator")) {
            for (String resource : rule.getResources()) {
                assertThat(rights.put(resource, String.join(" ", rule.getVerbs())))
                        .as(resource)
                        .isNull();
            }
        }
        assertThat(rights)
                .containsOnly(
                        Map.entry("prometheusservers", "list watch"),
                        Map.entry("monitors", "list watch"),
                        Map.entry("rulesets", "list watch"),
                        Map.entry("prometheusservers/status", "patch"),
                        Map.entry("monitors/status", "patch"),
                        Map.entry("rulesets/status", "patch"),
                        Map.entry("namespaces", "list watch"),
                        Map.entry("secrets", "get list watch create patch"),
                        Map.entry("configmaps", "get list watch"),
                        Map.entry("services", "get create patch"),
                        Map.entry("serviceaccounts", "get create patch"),
                        Map.entry("pods", "list watch"),
                        Map.entry("pods/status", "patch"),
                        Map.entry("pods/eviction", "create"),
                        Map.entry("statefulsets", "get list watch create patch"),
                        Map.entry("persistentvolumeclaims", "get patch"),
                        Map.entry("poddisruptionbudgets", "get create patch"),
                        Map.entry("networkpolicies", "get create patch"),
                        Map.entry("rolebindings", "get list create patch delete"),
                        Map.entry("clusterrolebindings", "get list create patch delete"),
                        Map.entry("clusterroles", "bind"),
                        Map.entry("events", "create"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"operator", "lease", "discovery"})
    void podsAreReadAndNudgedAndEvictedOnly(String role) throws IOException {
        for (PolicyRule rule : rules(role)) {
            if (rule.getResources().contains("pods")) {
                assertThat(rule.getVerbs()).isSubsetOf(READ);
            }
            if (rule.getResources().contains("pods/status")) {
                assertThat(rule.getVerbs()).containsExactly("patch");
            }
            if (rule.getResources().contains("pods/eviction")) {
                assertThat(rule.getVerbs()).containsExactly("create");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"operator", "lease", "discovery"})
    void rolesAreBoundByNameAndNeverWritten(String role) throws IOException {
        for (PolicyRule rule : rules(role)) {
            if (rule.getResources().contains("clusterroles")
                    || rule.getResources().contains("roles")) {
                assertThat(rule.getVerbs()).containsExactly("bind");
                assertThat(rule.getResourceNames()).containsExactly("narthex-discovery");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = "discovery")
    void serversReadNoSecrets(String role) throws IOException {
        assertThat(rules(role)).allSatisfy(rule -> {
            assertThat(rule.getVerbs()).isSubsetOf(READ);
            assertThat(rule.getResources()).doesNotContain("secrets", "configmaps");
        });
    }
}

package io.narthex.reconcile.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;

/** Somebody's admission policy that refuses some writes in a namespace at once. */
final class RefusingPolicy implements AutoCloseable {

    private final KubernetesClient admin;
    private final String name;

    /**
     * Registers one.
     *
     * @param namespace where it holds, and what its name begins with
     * @param rule what it looks at, as one resource rule in YAML
     * @param expression the CEL expression of what it lets pass
     * @param message what it says of the rest
     */
    RefusingPolicy(KubernetesClient admin, String namespace, String rule, String expression, String message) {
        this.admin = admin;
        this.name = namespace + ".example.com";
        admin.load(new ByteArrayInputStream("""
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: ValidatingAdmissionPolicy
                        metadata: {name: %1$s}
                        spec:
                          failurePolicy: Fail
                          matchConstraints:
                            namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %2$s}}
                            resourceRules:
                            - %3$s
                          validations:
                          - expression: "%4$s"
                            message: %5$s
                        ---
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: ValidatingAdmissionPolicyBinding
                        metadata: {name: %1$s}
                        spec: {policyName: %1$s, validationActions: [Deny]}
                        """.formatted(name, namespace, rule, expression, message)
                        .getBytes(StandardCharsets.UTF_8)))
                .serverSideApply();
    }

    @Override
    public void close() {
        var admission = admin.admissionRegistration().v1();
        admission.validatingAdmissionPolicyBindings().withName(name).delete();
        admission.validatingAdmissionPolicies().withName(name).delete();
    }
}

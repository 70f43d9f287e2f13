package io.narthex.compiler.frontend;

import io.narthex.api.v1alpha1.PodSettings;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.ServiceAccount;
import io.narthex.api.v1alpha1.Storage;
import io.narthex.api.v1alpha1.TaintEffect;
import io.narthex.api.v1alpha1.TolerationOperator;
import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What of a server's pods and account the API server of Kubernetes would refuse, whatever the cluster: it would refuse the
 * whole StatefulSet, or the account, for it.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set">labels</a>
 * @see <a href="https://kubernetes.io/docs/concepts/overview/working-with-objects/names/">names</a>
 */
final class PodValues {

    private static final FieldPath SPEC = FieldPath.of("spec");
    private static final int LONGEST_LABEL = 63;
    private static final int LONGEST_NAME = 253;

    /** Resources without a domain; pages of memory have their size in their name. */
    private static final Set<String> RESOURCES = Set.of("cpu", "memory", "ephemeral-storage");

    private static final String PAGES = "hugepages-";

    /** What Narthex writes at the pods itself, over what anybody else says. */
    private static final Set<String> OWN_LABELS = Set.of(
            "app.kubernetes.io/name",
            "app.kubernetes.io/instance",
            "app.kubernetes.io/component",
            "app.kubernetes.io/managed-by");

    private static final Set<String> OWN_ANNOTATIONS = Set.of(
            "monitoring.narthex.io/endpoint",
            "monitoring.narthex.io/restart-key",
            "monitoring.narthex.io/nudge",
            "kubectl.kubernetes.io/default-container");

    private final PrometheusServerSpec spec;
    private final Report report;

    PodValues(PrometheusServerSpec spec, Report report) {
        this.spec = spec;
        this.report = report;
    }

    /** Notes each value that can't be used. */
    void check() {
        ServiceAccount account = spec.serviceAccount();
        if (account != null) {
            FieldPath at = SPEC.field("serviceAccount");
            name(account.name(), at.field("name"));
            annotations(account.annotations(), at.field("annotations"));
            if (Boolean.FALSE.equals(account.create()) && !account.annotations().isEmpty()) {
                report.add(
                        DiagnosticCode.SETTING_IGNORED,
                        at.field("annotations"),
                        "the service account isn't made by Narthex (create is false), so it gets no annotations",
                        "",
                        "annotate the account itself, or have Narthex make it");
            }
        }
        Storage storage = spec.storage();
        if (storage != null) {
            name(storage.storageClass(), SPEC.field("storage").field("storageClass"));
            name(storage.existingClaim(), SPEC.field("storage").field("existingClaim"));
        }
        PodSettings pod = spec.pod();
        if (pod != null) {
            pod(pod, SPEC.field("pod"));
        }
    }

    private void pod(PodSettings pod, FieldPath at) {
        labels(pod.labels(), at.field("labels"));
        own(pod.labels(), OWN_LABELS, at.field("labels"));
        annotations(pod.annotations(), at.field("annotations"));
        own(pod.annotations(), OWN_ANNOTATIONS, at.field("annotations"));
        labels(pod.nodeSelector(), at.field("nodeSelector"));
        name(pod.priorityClassName(), at.field("priorityClassName"));
        for (int i = 0; i < pod.tolerations().size(); i++) {
            toleration(pod.tolerations().get(i), at.field("tolerations").index(i));
        }
        PodSettings.Resources resources = pod.resources();
        if (resources != null) {
            resources(resources, at.field("resources"));
        }
    }

    private void name(@Nullable String name, FieldPath at) {
        if (name != null && !isSubdomain(name)) {
            refuse(
                    at,
                    "no object of Kubernetes can have the name " + Quoting.quote(name),
                    "up to 253 lower-case letters, digits, - and ., with a letter or digit at the ends of each part");
        }
    }

    private void labels(Map<String, String> labels, FieldPath at) {
        labels.forEach((key, value) -> {
            key(key, key, at.field(key));
            labelValue(value, at.field(key));
        });
    }

    private void own(Map<String, String> given, Set<String> own, FieldPath at) {
        for (String key : own.stream().filter(given::containsKey).sorted().toList()) {
            report.add(
                    DiagnosticCode.SETTING_IGNORED,
                    at.field(key),
                    "Narthex sets " + key + " of the pods itself; it is ignored",
                    "",
                    "take another key");
        }
    }

    private void annotations(Map<String, String> annotations, FieldPath at) {
        annotations.keySet().forEach(key -> key(key, key.toLowerCase(Locale.ROOT), at.field(key)));
    }

    private void key(String key, String compared, FieldPath at) {
        if (!isQualified(compared)) {
            refuse(
                    at,
                    "the key " + Quoting.quote(key) + " isn't one of Kubernetes's",
                    "up to 63 letters, digits, -, _ and ., with a letter or digit at both ends; before it a domain and / where"
                            + " wanted");
        }
    }

    private void labelValue(@Nullable String value, FieldPath at) {
        if (value != null && !value.isEmpty() && !isLabel(value)) {
            refuse(
                    at,
                    "no label of Kubernetes can have the value " + Quoting.quote(value),
                    "up to 63 letters, digits, -, _ and ., with a letter or digit at both ends");
        }
    }

    private void toleration(PodSettings.Toleration toleration, FieldPath at) {
        boolean exists = toleration.operator() == TolerationOperator.EXISTS;
        String value = toleration.value();
        if (toleration.key() != null) {
            key(toleration.key(), toleration.key(), at.field("key"));
        } else if (!exists) {
            refuse(at.field("operator"), "without a key a toleration is for all taints", "Exists");
        }
        if (exists && value != null && !value.isEmpty()) {
            refuse(at.field("value"), "with the operator Exists a toleration has no value", "");
        } else {
            labelValue(value, at.field("value"));
        }
        if (toleration.tolerationSeconds() != null && toleration.effect() != TaintEffect.NO_EXECUTE) {
            refuse(
                    at.field("tolerationSeconds"),
                    "seconds are put up with the effect NoExecute only",
                    "effect: NoExecute");
        }
    }

    private void resources(PodSettings.Resources resources, FieldPath at) {
        resources
                .requests()
                .keySet()
                .forEach(name -> resource(name, at.field("requests").field(name)));
        resources
                .limits()
                .keySet()
                .forEach(name -> resource(name, at.field("limits").field(name)));
        resources.requests().forEach((name, request) -> {
            String limit = resources.limits().get(name);
            if (limit != null && amount(request).compareTo(amount(limit)) > 0) {
                refuse(
                        at.field("requests").field(name),
                        "the request " + request + " is above the limit " + limit,
                        "at most " + limit);
            }
        });
    }

    private void resource(String name, FieldPath at) {
        boolean known = RESOURCES.contains(name) || (name.startsWith(PAGES) && isLabel(name));
        boolean extended = name.indexOf('/') >= 0 && isQualified(name);
        if (!known && !extended) {
            refuse(
                    at,
                    "Kubernetes knows no resource " + Quoting.quote(name),
                    "cpu, memory, ephemeral-storage, or a name with its domain");
        }
    }

    /** Returns how much a quantity is; its shape is the schema's. */
    private static BigDecimal amount(String quantity) {
        int end = 0;
        while (end < quantity.length() && "0123456789.".indexOf(quantity.charAt(end)) >= 0) {
            end++;
        }
        BigDecimal number = new BigDecimal(quantity.substring(0, end));
        String suffix = quantity.substring(end);
        if (suffix.equals("m")) {
            return number.movePointLeft(3);
        }
        int power = suffix.isEmpty()
                ? 0
                : "KMGTPE".indexOf(suffix.toUpperCase(Locale.ROOT).charAt(0)) + 1;
        return number.multiply(
                BigDecimal.valueOf(suffix.endsWith("i") ? 1024 : 1000).pow(power));
    }

    private void refuse(FieldPath at, String message, String allowed) {
        report.add(DiagnosticCode.INVALID_SERVER_VALUE, at, message, allowed, "");
    }

    /** Whether a text is a DNS subdomain (RFC 1123), as Kubernetes looks at it. */
    private static boolean isSubdomain(String text) {
        if (text.length() > LONGEST_NAME) {
            return false;
        }
        for (String part : text.split("\\.", -1)) {
            boolean fits = isAlphanumericAtItsEnds(part)
                    && part.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z'));
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    /** Whether a text is a qualified name of Kubernetes: a label, with or without a domain before it. */
    private static boolean isQualified(String text) {
        int slash = text.indexOf('/');
        return (slash < 0 || isSubdomain(text.substring(0, slash))) && isLabel(text.substring(slash + 1));
    }

    private static boolean isLabel(String text) {
        return text.length() <= LONGEST_LABEL
                && isAlphanumericAtItsEnds(text)
                && text.chars().allMatch(c -> c == '-' || c == '_' || c == '.' || isAlphanumeric(c));
    }

    private static boolean isAlphanumericAtItsEnds(String text) {
        return !text.isEmpty() && isAlphanumeric(text.charAt(0)) && isAlphanumeric(text.charAt(text.length() - 1));
    }

    private static boolean isAlphanumeric(int c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}

package io.narthex.compiler.frontend;

import io.narthex.api.v1alpha1.Discovery;
import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.api.v1alpha1.Storage;
import io.narthex.api.v1alpha1.TlsClientAuth;
import io.narthex.api.v1alpha1.Web;
import io.narthex.api.v1alpha1.WebTls;
import io.narthex.compiler.model.CompileOptions;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.PrometheusVersion;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What of a server's settings has no meaning where, or by whom, it is run. */
final class PlatformSettings {

    private static final FieldPath SPEC = FieldPath.of("spec");

    private final PrometheusServerSpec spec;
    private final CompileOptions options;
    private final Report report;

    PlatformSettings(PrometheusServerSpec spec, CompileOptions options, Report report) {
        this.spec = spec;
        this.options = options;
        this.report = report;
    }

    /** Notes each setting that can't be served, or means nothing, where the server runs. */
    void check() {
        if (spec.runsElsewhere() && !options.platform().servesExternal()) {
            report.add(
                    DiagnosticCode.SERVER_NOT_RUN,
                    SPEC.field("mode"),
                    "a server of the mode External is served on Docker only, not as "
                            + options.platform().text() + "; nothing is made for it",
                    "mode External on Docker Swarm or beside docker compose",
                    "set mode to Managed to have Narthex run it");
        } else if (spec.runsElsewhere()) {
            notExternally();
        }
        switch (options.platform()) {
            case LOCAL -> notLocally();
            case SWARM -> {
                if (!spec.runsElsewhere()) {
                    notOnSwarm();
                    releaseOfTheImage();
                }
            }
            case COMPOSE -> {
                if (!spec.runsElsewhere()) {
                    report.add(
                            DiagnosticCode.SETTING_NOT_SERVED,
                            SPEC.field("mode"),
                            "beside docker compose Narthex runs no Prometheus: your compose file does",
                            "mode External",
                            "set mode to External, and external.url to where it is, such as http://prometheus:9090");
                }
            }
            case KUBERNETES -> {
                if (!spec.runsElsewhere()) {
                    ignored(Map.of("swarm", spec.swarm() != null), "a server on Kubernetes");
                    new PodValues(spec, report).check();
                    releaseOfTheImage();
                    networkOfTheNode();
                }
            }
        }
    }

    private void notExternally() {
        Map<String, Boolean> fields = ofKubernetes();
        fields.put("image", spec.image() != null);
        fields.put("replicas", spec.replicas() != 1);
        fields.put("replicaLabel", spec.replicaLabel() != null);
        fields.put("listen", spec.listen() != null);
        fields.put("externalUrl", spec.externalUrl() != null);
        fields.put("routePrefix", spec.routePrefix() != null);
        fields.put("web", spec.web() != null);
        fields.put("retention", spec.retention() != null);
        fields.put("storage", spec.storage() != null);
        fields.put("tsdb", spec.tsdb() != null);
        fields.put("query", spec.query() != null);
        fields.put("runtime", spec.runtime() != null);
        fields.put("remoteWriteReceiver", spec.remoteWriteReceiver() != null);
        fields.put("log", spec.log() != null);
        fields.put("extraFlags", !spec.extraFlags().isEmpty());
        ignored(fields, "a server that somebody else runs");
    }

    private void releaseOfTheImage() {
        if (spec.image() == null) {
            return;
        }
        Optional<PrometheusVersion> named = Optional.ofNullable(spec.version()).flatMap(PrometheusVersion::parse);
        Optional<PrometheusVersion> tagged = CompileOptions.tag(spec);
        if (named.isEmpty() && tagged.isEmpty()) {
            report.add(
                    DiagnosticCode.IMAGE_RELEASE_UNCLEAR,
                    SPEC.field("image"),
                    "the tag of the image says no release; what is written is for " + options.version(),
                    "",
                    "set version to the image's release");
        } else if (named.isPresent() && tagged.isPresent() && !isSameSeries(named.get(), tagged.get())) {
            report.add(
                    DiagnosticCode.IMAGE_RELEASE_UNCLEAR,
                    SPEC.field("image"),
                    "version is " + named.get() + ", and the tag of the image says " + tagged.get()
                            + "; what is written is for " + options.version(),
                    named.get().toString(),
                    "set version to the image's release, or leave it out");
        }
    }

    private void networkOfTheNode() {
        if (spec.podTemplate() == null
                || !(spec.podTemplate().fields().get("spec") instanceof Map<?, ?> pod)
                || !Boolean.TRUE.equals(pod.get("hostNetwork"))
                || letsInKnownOnly()) {
            return;
        }
        report.add(
                DiagnosticCode.LIFECYCLE_EXPOSED,
                SPEC.field("podTemplate").field("spec").field("hostNetwork"),
                "no NetworkPolicy has an effect on pods in the network of their nodes: whoever reaches a node reaches"
                        + " Prometheus's API, reads all samples and can stop it",
                "",
                "set web.users, or web.tls.clientCa, or remove hostNetwork");
    }

    /** Whether everybody else is kept out: a certificate that isn't checked anybody can make. */
    private boolean letsInKnownOnly() {
        Web web = spec.web();
        if (web == null) {
            return false;
        }
        WebTls tls = web.tls();
        return !web.users().isEmpty()
                || (tls != null
                        && tls.clientCa() != null
                        && (tls.clientAuth() == null
                                || tls.clientAuth() == TlsClientAuth.REQUIRE_AND_VERIFY_CLIENT_CERT));
    }

    /** A tag such as {@code v3.5} is that of each of its releases in turn; nothing that is written depends on which. */
    private static boolean isSameSeries(PrometheusVersion one, PrometheusVersion other) {
        return one.major() == other.major() && one.minor() == other.minor();
    }

    private void notLocally() {
        String asked = spec.version();
        if (asked != null && !PrometheusVersion.parse(asked).equals(Optional.of(options.version()))) {
            report.add(
                    DiagnosticCode.VERSION_DIFFERS,
                    SPEC.field("version"),
                    "version " + asked + " is asked for; the program at hand is " + options.version(),
                    options.version().toString(),
                    "remove version, or run that program with --prometheus");
        }
        Map<String, Boolean> fields = ofKubernetes();
        fields.put("image", spec.image() != null);
        fields.put("replicas", spec.replicas() != 1);
        fields.put("paused", spec.paused());
        fields.put("storage", spec.storage() != null);
        fields.put(
                "discovery",
                spec.discovery() != null && spec.discovery().value().equals("Narthex"));
        fields.put("swarm", spec.swarm() != null);
        ignored(fields, "a local process");
    }

    private void notOnSwarm() {
        Map<String, Boolean> fields = ofKubernetes();
        Storage storage = spec.storage();
        if (storage != null) {
            fields.put("storage.size", storage.size() != null);
            fields.put("storage.storageClass", storage.storageClass() != null);
            fields.put("storage.existingClaim", storage.existingClaim() != null);
            fields.put("storage.emptyDir", storage.emptyDir() != null);
        }
        Map<String, String> refused = new TreeMap<>();
        refused.put("shards", "declare several PrometheusServers whose monitors.selector divides the Monitors");
        refused.put("podTemplate", "remove it, or run this server on Kubernetes");
        refused.forEach((field, remedy) -> {
            if (Boolean.TRUE.equals(fields.remove(field))) {
                report.add(
                        DiagnosticCode.SETTING_NOT_SERVED,
                        SPEC.field(field),
                        field + " isn't served on Docker Swarm",
                        "",
                        remedy);
            }
        });
        ignored(fields, "a service of Docker Swarm");
        if (spec.discovery() == Discovery.NARTHEX && options.discovery().isEmpty()) {
            report.add(
                    DiagnosticCode.SETTING_IGNORED,
                    SPEC.field("discovery"),
                    "Narthex isn't reachable for the server, so Prometheus discovers targets itself",
                    "",
                    "let Narthex and the server join a network");
        }
    }

    private Map<String, Boolean> ofKubernetes() {
        Map<String, Boolean> fields = new TreeMap<>();
        fields.put("imagePullPolicy", spec.imagePullPolicy() != null);
        fields.put("imagePullSecrets", !spec.imagePullSecrets().isEmpty());
        fields.put("shards", spec.shards() != 1);
        fields.put("serviceAccount", spec.serviceAccount() != null);
        fields.put("pod", spec.pod() != null);
        fields.put("podTemplate", spec.podTemplate() != null);
        return fields;
    }

    private void ignored(Map<String, Boolean> fields, String where) {
        fields.forEach((name, set) -> {
            if (set) {
                FieldPath at = SPEC;
                for (String step : name.split("\\.", -1)) {
                    at = at.field(step);
                }
                report.add(
                        DiagnosticCode.SETTING_IGNORED,
                        at,
                        name + " has no meaning for " + where + "; it is ignored",
                        "",
                        "leave it for other platforms, or remove it");
            }
        });
    }
}

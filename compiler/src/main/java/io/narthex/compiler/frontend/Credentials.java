package io.narthex.compiler.frontend;

import io.narthex.api.v1alpha1.CertificateSource;
import io.narthex.api.v1alpha1.CredentialSource;
import io.narthex.api.v1alpha1.SecretKeyRef;
import io.narthex.compiler.assemble.Digest;
import io.narthex.compiler.config.value.Text;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.SecretId;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.Severity;
import io.narthex.compiler.swarm.DockerSecret;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns references to credentials into paths of files, and remembers which credentials must lie there. */
final class Credentials {

    /** Also what keeps a path from leaving its folder: it can't start with a dot. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9._-]{0,252}");

    /** Where a Docker secret is mounted, unless somebody says otherwise (Docker documentation, "Manage sensitive data"). */
    static final String MOUNTS = "/run/secrets/";

    /**
     * What Kubernetes itself lets a Secret hold is four times as much; a server's Secrets must have room for the credentials
     * of many. In bytes.
     */
    static final int MOST_BYTES = 262_144;

    /** How much of a credential's identity its file's name shows on Kubernetes. */
    private static final int MOST_SHOWN = 200;

    private final Context context;
    private final Report report;
    private final Map<String, SecretId> files = new TreeMap<>();
    private final Map<String, DockerSecret> mounts = new TreeMap<>();
    private final Set<SecretId> wanted = new TreeSet<>();

    Credentials(Context context, Report report) {
        this.context = context;
        this.report = report;
    }

    /** Returns the path of the file that holds a credential; null where there is none, after noting why. */
    @Nullable
    String path(@Nullable CredentialSource source, FieldPath field) {
        if (source == null) {
            return null;
        }
        SecretKeyRef secret = source.secretRef();
        String file = source.file();
        if ((secret == null) == (file == null)) {
            report.add(
                    DiagnosticCode.CREDENTIAL_UNCLEAR,
                    field,
                    "secretRef and file are " + (secret == null ? "both missing" : "both set"),
                    "exactly one of secretRef and file",
                    "");
            return null;
        }
        return secret != null ? secret(secret, field.field("secretRef")) : file(String.valueOf(file), field);
    }

    /** Returns the path of the file that holds a private key; null where there is none, after noting why. */
    @Nullable
    String privateKey(@Nullable CredentialSource source, FieldPath field) {
        String path = path(source, field);
        SecretId id = path == null ? null : files.get(path);
        return id == null || isPem(id, false, field) ? path : null;
    }

    /** Returns the path of the file that holds a certificate; null where there is none, after noting why. */
    @Nullable
    String certificate(@Nullable CertificateSource source, FieldPath field) {
        if (source == null) {
            return null;
        }
        if (source.configMapRef() != null && context.platform() != Platform.KUBERNETES) {
            report.add(
                    DiagnosticCode.CONFIG_MAP_UNAVAILABLE,
                    field.field("configMapRef"),
                    "there are no ConfigMaps on " + context.platform().text(),
                    "secretRef",
                    "put the certificate into a secret and use secretRef");
            return null;
        }
        if (source.configMapRef() != null) {
            String name = source.configMapRef().name();
            String key = source.configMapRef().key();
            if (!safe(name, key, field.field("configMapRef"))) {
                return null;
            }
            SecretId id = SecretId.ofConfigMap(context.namespace(), name, key);
            String path = isThere(id, field.field("configMapRef")) ? file(id, field.field("configMapRef")) : null;
            return path == null || isPem(id, true, field) ? path : null;
        }
        String path = path(new CredentialSource(source.secretRef(), source.file()), field);
        SecretId id = path == null ? null : files.get(path);
        return id == null || isPem(id, true, field) ? path : null;
    }

    /** Prometheus refuses its whole configuration for one certificate that it can't read. */
    private boolean isPem(SecretId id, boolean certificate, FieldPath field) {
        SecretValue value = context.secrets().apply(id);
        if (value != null && (certificate ? context.pem().hasCertificates(value) : Pem.hasPrivateKey(value))) {
            return true;
        }
        String what = certificate ? "certificate" : "private key";
        report.add(
                DiagnosticCode.CERTIFICATE_INVALID,
                field,
                "the credential " + id.objectName() + "/" + id.key() + " holds no " + what + " that can be read",
                "a " + what + " in PEM format",
                "put the " + what + " into it, with its BEGIN and END lines");
        return false;
    }

    /**
     * Warns at {@code field} that the key isn't the certificate's, where that is so; both by their files' paths. It may be so
     * for a moment while both are renewed, so nothing is left out for it.
     */
    void pair(@Nullable String certificate, @Nullable String key, FieldPath field) {
        SecretId ofCertificate = certificate == null ? null : files.get(certificate);
        SecretId ofKey = key == null ? null : files.get(key);
        if (ofCertificate == null || ofKey == null) {
            return;
        }
        SecretValue one = context.secrets().apply(ofCertificate);
        SecretValue other = context.secrets().apply(ofKey);
        if (one != null && other != null && !context.pem().belong(one, other)) {
            report.add(
                    DiagnosticCode.CERTIFICATE_INVALID,
                    Severity.WARNING,
                    field.field("key"),
                    "the private key in " + ofKey.objectName() + "/" + ofKey.key()
                            + " can't be read, or isn't that of the certificate in " + ofCertificate.objectName() + "/"
                            + ofCertificate.key(),
                    "the certificate's own key, not encrypted",
                    "take both from the same pair");
        }
    }

    /** Returns which credential each path means: one that is known. */
    Map<String, SecretId> files() {
        return files;
    }

    /** Returns which Docker secret must be mounted at each path. */
    Map<String, DockerSecret> mounts() {
        return mounts;
    }

    /** Returns all credentials that were asked for, known or not. */
    Set<SecretId> wanted() {
        return wanted;
    }

    /** Returns the secret's identity; null where its name can't be one. */
    @Nullable
    SecretId known(SecretKeyRef secret, FieldPath field) {
        if (!safe(secret.name(), secret.key(), field)) {
            return null;
        }
        SecretId id = new SecretId(context.namespace(), secret.name(), secret.key());
        return isThere(id, field) ? id : null;
    }

    private boolean isThere(SecretId id, FieldPath field) {
        wanted.add(id);
        if (context.secrets().apply(id) == null) {
            boolean local = context.platform() == Platform.LOCAL || context.platform() == Platform.COMPOSE;
            boolean swarm = context.platform() == Platform.SWARM;
            boolean unreadable = swarm && context.dockerSecrets().apply(id.name()) != null;
            if (unreadable) {
                report.add(
                        DiagnosticCode.CREDENTIAL_NOT_READABLE,
                        field,
                        "the content of the Docker secret " + id.name()
                                + " must stand inside of a file, and Docker never gives it out",
                        "a credential that Narthex can read",
                        "put it into .secrets/" + id.name() + "/" + id.key()
                                + " of the folder of resources that Narthex's own service mounts");
                return false;
            }
            String place = local
                    ? ".secrets/" + id.name() + "/" + id.key()
                    : swarm
                            ? id.name()
                            : "key " + id.key() + " of the " + (id.isConfigMap() ? "ConfigMap " : "secret ")
                                    + id.namespace() + "/" + id.objectName();
            report.add(
                    DiagnosticCode.CREDENTIAL_MISSING,
                    field,
                    "the credential " + place + " doesn't exist",
                    "a secret that exists",
                    local
                            ? "write it into the file " + place + " in the folder of the resources, with mode 0600"
                            : swarm ? "create it: docker secret create " + id.name() + " FILE" : "create it");
            return false;
        }
        return true;
    }

    private @Nullable String secret(SecretKeyRef secret, FieldPath field) {
        if (context.platform() == Platform.SWARM) {
            return mounted(secret, field);
        }
        SecretId id = known(secret, field);
        return id == null ? null : file(id, field);
    }

    /** Returns the path at which a Docker secret is mounted. What Docker doesn't have may lie beside the resources. */
    private @Nullable String mounted(SecretKeyRef secret, FieldPath field) {
        if (!safe(secret.name(), secret.key(), field)) {
            return null;
        }
        SecretId id = new SecretId(context.namespace(), secret.name(), secret.key());
        DockerSecret found = context.dockerSecrets().apply(secret.name());
        if (found == null || context.secrets().apply(id) != null) {
            return isThere(id, field) ? file(id, field) : null;
        }
        wanted.add(id);
        String path = MOUNTS + found.name();
        mounts.put(path, found);
        return path;
    }

    private @Nullable String file(SecretId id, FieldPath field) {
        SecretValue value = context.secrets().apply(id);
        if (context.platform() == Platform.KUBERNETES && value != null && value.size() > MOST_BYTES) {
            report.add(
                    DiagnosticCode.CREDENTIAL_TOO_LARGE,
                    field,
                    "the credential " + id.objectName() + "/" + id.key() + " has " + value.size() + " bytes",
                    "at most " + MOST_BYTES + " bytes",
                    "of a bundle of certificates, leave in only the authorities that the targets need");
            return null;
        }
        String path = context.platform() == Platform.KUBERNETES
                ? flatPath(id)
                : "credentials/" + id.namespace() + "/" + id.name() + "/" + id.key();
        files.put(path, id);
        return path;
    }

    /**
     * A file of a Kubernetes volume is named by an entry of a Secret, which knows no folders and at most 253 characters;
     * the digest keeps names apart that differ beyond what is shown.
     */
    private static String flatPath(SecretId id) {
        String shown = id.namespace() + "." + id.objectName() + "." + id.key();
        return "credential." + shown.substring(0, Math.min(shown.length(), MOST_SHOWN)) + "."
                + Digest.of(id.toString().getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }

    private boolean safe(String name, String key, FieldPath field) {
        for (String part : new String[] {context.namespace(), name, key}) {
            if (!NAME.matcher(part).matches()) {
                report.add(
                        DiagnosticCode.CREDENTIAL_UNCLEAR,
                        field,
                        "the name of a secret or of its entry has other characters than letters, digits, - _ and .",
                        "a name such as web-password",
                        "rename the secret or the entry");
                return false;
            }
        }
        return true;
    }

    private @Nullable String file(String file, FieldPath field) {
        if (!context.allowFiles()) {
            report.add(
                    DiagnosticCode.FILE_ACCESS_DENIED,
                    field.field("file"),
                    "the server doesn't let resources name files",
                    "secretRef",
                    "use secretRef, or set tenancy.allowFileAccess of the PrometheusServer");
            return null;
        }
        if (!file.startsWith("/") || !Text.isWritable(file)) {
            report.add(
                    DiagnosticCode.FILE_ACCESS_DENIED,
                    field.field("file"),
                    "the path is not absolute",
                    "an absolute path",
                    "write the whole path, from /");
            return null;
        }
        return file;
    }
}

package io.narthex.compiler.frontend;

import static io.narthex.compiler.model.DiagnosticCode.INVALID_SERVER_VALUE;

import io.narthex.api.v1alpha1.AzureAd;
import io.narthex.api.v1alpha1.GoogleIam;
import io.narthex.api.v1alpha1.SigV4;
import io.narthex.compiler.config.AzureAdConfig;
import io.narthex.compiler.config.AzureManagedIdentity;
import io.narthex.compiler.config.AzureSdk;
import io.narthex.compiler.config.AzureWorkloadIdentity;
import io.narthex.compiler.config.Dialect;
import io.narthex.compiler.config.GoogleIamConfig;
import io.narthex.compiler.config.SigV4Config;
import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How a server is let in at a cloud's services. */
final class CloudAuth {

    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern SCOPE = Pattern.compile("[\\w\\s:/.-]+");

    private final Dialect dialect;
    private final Report report;
    private final Texts texts;
    private final Credentials credentials;

    CloudAuth(Dialect dialect, Report report, Texts texts, Credentials credentials) {
        this.dialect = dialect;
        this.report = report;
        this.texts = texts;
        this.credentials = credentials;
    }

    @Nullable
    SigV4Config sigv4(@Nullable SigV4 sigv4, FieldPath at) {
        if (sigv4 != null
                && sigv4.externalId() != null
                && (sigv4.roleArn() == null || sigv4.roleArn().isEmpty())) {
            report.add(
                    INVALID_SERVER_VALUE,
                    at.field("externalId"),
                    "externalId is set without roleArn",
                    "externalId together with roleArn",
                    "add roleArn");
        }
        return sigv4 == null
                ? null
                : SigV4Config.builder()
                        .region(texts.check(sigv4.region(), at.field("region")))
                        .profile(texts.check(sigv4.profile(), at.field("profile")))
                        .roleArn(texts.check(sigv4.roleArn(), at.field("roleArn")))
                        .externalId(texts.check(sigv4.externalId(), at.field("externalId")))
                        .useFipsStsEndpoint(sigv4.useFipsStsEndpoint())
                        .serviceName(texts.check(sigv4.serviceName(), at.field("serviceName")))
                        .build();
    }

    AzureAdConfig azure(AzureAd azure, FieldPath authAt) {
        FieldPath at = authAt.field("azureAd");
        if (azure.managedIdentity() != null) {
            if (azure.managedIdentity().clientId() == null && !dialect.hasSystemAssignedIdentity()) {
                report.add(
                        DiagnosticCode.NEEDED_NOT_IN_VERSION,
                        at.field("managedIdentity"),
                        "Prometheus " + dialect.version()
                                + " knows no system-assigned identity, and clientId names none",
                        "Prometheus 3.5 and later, or clientId",
                        "set clientId, or run Prometheus 3.5 or later");
            }
            uuid(azure.managedIdentity().clientId(), at.field("managedIdentity").field("clientId"));
        }
        if (azure.workloadIdentity() != null) {
            uuid(
                    azure.workloadIdentity().clientId(),
                    at.field("workloadIdentity").field("clientId"));
            uuid(
                    azure.workloadIdentity().tenantId(),
                    at.field("workloadIdentity").field("tenantId"));
        }
        if (azure.sdk() != null) {
            texts.check(azure.sdk().tenantId(), at.field("sdk").field("tenantId"));
        }
        if (azure.scope() != null && !SCOPE.matcher(azure.scope()).matches()) {
            report.add(
                    INVALID_SERVER_VALUE,
                    at.field("scope"),
                    Quoting.quote(azure.scope()) + " is no scope",
                    "letters, digits, spaces and _ : / . -",
                    "");
        }
        AzureAd.ManagedIdentity managed = azure.managedIdentity();
        AzureAd.WorkloadIdentity workload = azure.workloadIdentity();
        AzureAd.AzureSdk sdk = azure.sdk();
        return AzureAdConfig.builder()
                .cloud(azure.cloud() == null ? null : azure.cloud().value())
                .managedIdentity(
                        managed == null
                                ? null
                                : new AzureManagedIdentity(texts.check(
                                        managed.clientId(),
                                        at.field("managedIdentity").field("clientId"))))
                .workloadIdentity(
                        workload == null
                                ? null
                                : new AzureWorkloadIdentity(workload.clientId(), workload.tenantId(), null))
                .sdk(sdk == null ? null : new AzureSdk(sdk.tenantId()))
                .scope(texts.check(azure.scope(), at.field("scope")))
                .build();
    }

    private void uuid(@Nullable String text, FieldPath at) {
        if (text != null && !UUID.matcher(text).matches()) {
            report.add(
                    INVALID_SERVER_VALUE,
                    at,
                    Quoting.quote(text) + " is no UUID",
                    "a UUID such as 00000000-0000-0000-0000-000000000000",
                    "");
        }
    }

    @Nullable
    GoogleIamConfig google(@Nullable GoogleIam google, FieldPath authAt) {
        return google == null
                ? null
                : new GoogleIamConfig(credentials.path(
                        google.credentials(), authAt.field("googleIam").field("credentials")));
    }
}

package io.narthex.compiler.frontend;

import io.narthex.compiler.config.DnsRecordType;
import io.narthex.compiler.config.EscapingScheme;
import io.narthex.compiler.config.OtlpTranslation;
import io.narthex.compiler.config.RelabelAction;
import io.narthex.compiler.config.RemoteWriteMessage;
import io.narthex.compiler.config.ScrapeProtocol;
import io.narthex.compiler.config.TlsVersion;
import io.narthex.compiler.config.value.NameScheme;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The resources' enumerations in the terms of Prometheus's configuration; their constants have the same names. */
final class Enums {

    private Enums() {}

    static @Nullable TlsVersion tls(io.narthex.api.v1alpha1.@Nullable TlsVersion value) {
        return value == null ? null : TlsVersion.valueOf(value.name());
    }

    static @Nullable DnsRecordType dns(io.narthex.api.v1alpha1.@Nullable DnsRecordType value) {
        return value == null ? null : DnsRecordType.valueOf(value.name());
    }

    static @Nullable RelabelAction action(io.narthex.api.v1alpha1.@Nullable RelabelAction value) {
        return value == null ? null : RelabelAction.valueOf(value.name());
    }

    static @Nullable ScrapeProtocol protocol(io.narthex.api.v1alpha1.@Nullable ScrapeProtocol value) {
        return value == null ? null : ScrapeProtocol.valueOf(value.name());
    }

    static List<ScrapeProtocol> protocols(List<io.narthex.api.v1alpha1.ScrapeProtocol> values) {
        return values.stream()
                .map(value -> ScrapeProtocol.valueOf(value.name()))
                .toList();
    }

    static @Nullable NameScheme names(io.narthex.api.v1alpha1.@Nullable NameValidation value) {
        return value == null ? null : NameScheme.valueOf(value.name());
    }

    static @Nullable EscapingScheme escaping(io.narthex.api.v1alpha1.@Nullable NameEscaping value) {
        return value == null ? null : EscapingScheme.valueOf(value.name());
    }

    static @Nullable OtlpTranslation otlp(io.narthex.api.v1alpha1.@Nullable OtlpTranslation value) {
        return value == null ? null : OtlpTranslation.valueOf(value.name());
    }

    static @Nullable RemoteWriteMessage message(io.narthex.api.v1alpha1.@Nullable RemoteWriteMessage value) {
        return switch (value) {
            case null -> null;
            case REMOTE_WRITE_1 -> RemoteWriteMessage.VERSION_1;
            case REMOTE_WRITE_2 -> RemoteWriteMessage.VERSION_2;
        };
    }
}

package io.narthex.compiler.frontend;

import io.narthex.compiler.config.Gate;
import io.narthex.compiler.config.ServerFlag;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.PrometheusVersion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects a server's command line in the order in which it is given. */
final class FlagList {

    private final PrometheusVersion version;
    private final Report report;
    private final List<String> flags = new ArrayList<>();

    FlagList(PrometheusVersion version, Report report) {
        this.version = version;
        this.report = report;
    }

    /** Adds {@code --name=value}, unless the value is null. */
    FlagList add(ServerFlag flag, @Nullable Object value) {
        return value == null ? this : add(flag.text(), value.toString());
    }

    /** Adds {@code --name=value}; of an empty value {@code --name}. */
    FlagList add(String name, String value) {
        flags.add(value.isEmpty() ? "--" + name : "--" + name + "=" + value);
        return this;
    }

    /** Adds {@code --name}, or {@code --no-name}. */
    FlagList set(ServerFlag flag, boolean on) {
        return add((on ? "" : "no-") + flag.text(), "");
    }

    /** Returns whether {@code field}, which asks for {@code what}, is set and can be had; notes where it can't. */
    boolean has(Gate gate, boolean set, String what, FieldPath field) {
        if (gate.allows(version)) {
            return set;
        }
        if (set) {
            report.add(
                    DiagnosticCode.FLAG_NOT_IN_VERSION,
                    field,
                    "Prometheus " + version.major() + "." + version.minor() + " has no " + what + "; it is left out",
                    "Prometheus " + gate,
                    gate.remedy());
        }
        return false;
    }

    List<String> flags() {
        return List.copyOf(flags);
    }
}

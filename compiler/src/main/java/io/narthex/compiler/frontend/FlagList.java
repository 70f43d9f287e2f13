package io.narthex.compiler.frontend;

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
    FlagList add(String name, @Nullable Object value) {
        if (value != null) {
            flags.add("--" + name + "=" + value);
        }
        return this;
    }

    /** Adds {@code --name} where it is wanted. */
    FlagList addIf(boolean wanted, String name) {
        if (wanted) {
            flags.add("--" + name);
        }
        return this;
    }

    /** Returns whether the release is {@code major.minor} or later; notes for a field that is set where it isn't. */
    boolean has(int major, int minor, boolean set, String what, FieldPath field) {
        if (version.isAtLeast(major, minor)) {
            return set;
        }
        if (set) {
            report.add(
                    DiagnosticCode.FLAG_NOT_IN_VERSION,
                    field,
                    "Prometheus " + version.major() + "." + version.minor() + " has no " + what + "; it is left out",
                    "Prometheus " + major + "." + minor + " and later",
                    "run Prometheus " + major + "." + minor + " or later, or remove it");
        }
        return false;
    }

    List<String> flags() {
        return List.copyOf(flags);
    }
}

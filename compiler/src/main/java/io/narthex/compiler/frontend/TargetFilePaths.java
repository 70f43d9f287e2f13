package io.narthex.compiler.frontend;

import static io.narthex.compiler.model.DiagnosticCode.INVALID_VALUE;

import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.model.FieldPath;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The paths of files that hold targets, as a Monitor names them. */
final class TargetFilePaths {

    /** What makes a path a pattern to Prometheus (Go, {@code path/filepath.Match}). */
    private static final String PATTERN_CHARACTERS = "*?[\\";

    private final ServerSettings server;
    private final Context context;
    private final Report report;
    private final Texts texts;

    TargetFilePaths(ServerSettings server, Context context, Report report, Texts texts) {
        this.server = server;
        this.context = context;
        this.report = report;
        this.texts = texts;
    }

    /** Returns the path as Prometheus is to have it; null where it can't be, after noting why. */
    @Nullable
    String read(String file, FieldPath at) {
        int name = file.lastIndexOf('/') + 1;
        String lower = file.toLowerCase(Locale.ROOT);
        int star = file.indexOf('*');
        if (texts.check(file, at) == null) {
            return null;
        }
        // What Prometheus demands of such a path (discovery/file), and what would act as a pattern beyond it.
        if (!(lower.endsWith(".json") || lower.endsWith(".yml") || lower.endsWith(".yaml"))
                || (star >= 0 && (star < name || file.indexOf('*', star + 1) >= 0))
                || file.chars().anyMatch(c -> c != '*' && PATTERN_CHARACTERS.indexOf(c) >= 0)) {
            report.add(
                    INVALID_VALUE,
                    at,
                    Quoting.quote(file) + " is no path of target files",
                    "a path that ends in .json, .yml or .yaml, with one * at most, in its last part",
                    "");
            return null;
        }
        if (file.startsWith("/")) {
            return context.allowFiles()
                    ? file
                    : denied(
                            at,
                            "the server doesn't let resources name files by absolute paths",
                            "a path within the folder of the resources",
                            "set tenancy.allowFileAccess of the PrometheusServer");
        }
        if (server.folder().isEmpty()) {
            return denied(at, "a relative path has no meaning here", "an absolute path", "");
        }
        if (Boolean.FALSE.equals(allowFiles())) {
            return denied(
                    at,
                    "the server doesn't let resources name files",
                    "another source",
                    "set tenancy.allowFileAccess of the PrometheusServer");
        }
        if (List.of(file.split("/", -1)).contains("..")) {
            return denied(
                    at, "the path leaves the folder of the resources", "a path within the folder of the resources", "");
        }
        String folder = server.folder().get();
        if (folder.chars().anyMatch(c -> PATTERN_CHARACTERS.indexOf(c) >= 0)) {
            report.add(
                    INVALID_VALUE,
                    at,
                    "the path of the folder, " + Quoting.quote(folder) + ", would be read as a pattern",
                    "a folder without any of " + PATTERN_CHARACTERS + " in its path",
                    "rename the folder");
            return null;
        }
        return folder + "/" + (file.startsWith("./") ? file.substring(2) : file);
    }

    private @Nullable String denied(FieldPath at, String message, String allowed, String remedy) {
        report.add(DiagnosticCode.FILE_ACCESS_DENIED, at, message, allowed, remedy);
        return null;
    }

    private @Nullable Boolean allowFiles() {
        return server.tenancy() == null ? null : server.tenancy().allowFileAccess();
    }
}

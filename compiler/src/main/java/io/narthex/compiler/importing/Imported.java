package io.narthex.compiler.importing;

import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.SecretValue;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an import made.
 *
 * @param files YAML of resources by file name; nothing where there are problems
 * @param secrets credentials by {@code NAME/KEY}
 * @param report what became of each part of the input
 * @param problems what is wrong with the input, in {@link Diagnostic#ORDER}
 * @param notes what else there is to say of a problem
 * @param fixable how many of the problems a known name would mend
 */
public record Imported(
        SortedMap<String, String> files,
        SortedMap<String, SecretValue> secrets,
        List<Line> report,
        List<Diagnostic> problems,
        Map<Diagnostic, String> notes,
        int fixable) {

    /** What became of a part of the input. */
    public enum Kind {
        /** It means the same as before. */
        SAME("same"),
        /** It works in another way. */
        DIFFERS("differs"),
        /** It has no counterpart and is left out. */
        NOT_MAPPED("not mapped");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * A line of the report.
     *
     * @param kind what became of it
     * @param what the part of the input
     * @param how what it became, how it differs, or why it has no counterpart
     */
    public record Line(Kind kind, String what, String how) {}

    public Imported {
        files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
        secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
        report = List.copyOf(report);
        problems = List.copyOf(problems);
        notes = Map.copyOf(notes);
    }
}

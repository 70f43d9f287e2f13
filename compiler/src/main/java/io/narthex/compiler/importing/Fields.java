package io.narthex.compiler.importing;

import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.yaml.Nearest;
import io.narthex.compiler.yaml.YamlTree;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Looks at mappings of a configuration: which fields are there, and which of them Prometheus would refuse. */
final class Fields {

    private final ImportReport report;
    private final boolean fix;

    Fields(ImportReport report, boolean fix) {
        this.report = report;
        this.fix = fix;
    }

    /**
     * Returns the fields of a mapping that have a value, by the names that Prometheus knows.
     *
     * @param mapping the mapping
     * @param what its name for messages
     * @param known the fields that Prometheus knows there
     * @param note what else to say of an unknown one; empty text for nothing
     */
    Map<String, YamlTree> of(YamlTree mapping, String what, Set<String> known, String note) {
        Map<String, YamlTree> fields = new LinkedHashMap<>();
        if (!mapping.isMapping()) {
            if (!mapping.isNull()) {
                wrong(mapping, what, "a mapping");
            }
            return fields;
        }
        for (YamlTree.Entry entry : mapping.entries()) {
            Optional<String> meant =
                    known.contains(entry.key()) ? Optional.of(entry.key()) : Nearest.of(entry.key(), known);
            boolean right = known.contains(entry.key());
            if (!right && fix && meant.isPresent() && mapping.get(meant.get()).isEmpty()) {
                report.differs(what, "the unknown field " + entry.key() + " is taken for " + meant.get());
                right = true;
            }
            if (!right) {
                report.unknown(entry.place(), entry.key(), meant, note);
            } else if (!entry.value().isNull()) {
                fields.put(meant.orElseThrow(), entry.value());
            }
        }
        return fields;
    }

    /** Returns the elements of a list; nothing where there is no list, after noting it. */
    List<YamlTree> list(Map<String, YamlTree> fields, String name) {
        YamlTree value = fields.get(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isList()) {
            wrong(value, name, "a list");
        }
        return value.items();
    }

    /** Returns the texts of a list, or of the one text in its place. */
    List<String> texts(YamlTree list) {
        List<String> texts = new ArrayList<>();
        for (YamlTree item : list.items()) {
            item.text().ifPresentOrElse(texts::add, () -> wrong(item, "an element", "a text"));
        }
        return texts;
    }

    /** Returns the texts of a mapping by their names. */
    Map<String, String> map(YamlTree mapping, String what) {
        Map<String, String> texts = new LinkedHashMap<>();
        if (!mapping.isMapping()) {
            wrong(mapping, what, "a mapping");
        }
        for (YamlTree.Entry entry : mapping.entries()) {
            if (entry.value().isNull()) {
                texts.put(entry.key(), "");
            } else {
                entry.value()
                        .text()
                        .ifPresentOrElse(
                                text -> texts.put(entry.key(), text), () -> wrong(entry.value(), what, "texts"));
            }
        }
        return texts;
    }

    void wrong(YamlTree value, String what, String allowed) {
        report.error(
                DiagnosticCode.IMPORT_VALUE_WRONG,
                value.place(),
                what + " is something else than " + allowed,
                allowed,
                "correct it");
    }
}

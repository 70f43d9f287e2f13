package io.narthex.cli.print;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.prometheus.AlertmanagerReport;
import io.narthex.status.ServerStatus;
import java.util.Optional;
import java.util.OptionalInt;

/** What is told of a server's Alertmanagers: how many it has discovered, and that none is where some are declared. */
public final class AlertmanagerLine {

    private AlertmanagerLine() {}

    /**
     * Returns the line about Alertmanagers; empty where there is nothing to tell.
     *
     * @param declared how many entries of Alertmanagers are declared; empty where that isn't known
     */
    public static Optional<String> of(ServerStatus status, OptionalInt declared) {
        return status.alertmanagers().flatMap(counts -> line(counts, declared));
    }

    private static Optional<String> line(AlertmanagerReport counts, OptionalInt declared) {
        if (counts.active() > 0) {
            return Optional.of("alertmanagers  " + counts.active() + " discovered");
        }
        if (declared.orElse(counts.dropped()) == 0) {
            return Optional.empty();
        }
        return Optional.of("alertmanagers  none discovered"
                + (declared.isPresent() ? ", " + declared.getAsInt() + " declared" : "")
                + (counts.dropped() > 0 ? ", " + counts.dropped() + " dropped by relabeling" : "")
                + ": no alert is sent");
    }

    /** Puts the numbers into a document, where they are known. */
    public static void put(ServerStatus status, OptionalInt declared, ObjectNode document) {
        status.alertmanagers().ifPresent(counts -> {
            ObjectNode alertmanagers = document.putObject("alertmanagers")
                    .put("discovered", counts.active())
                    .put("dropped", counts.dropped());
            declared.ifPresent(entries -> alertmanagers.put("declared", entries));
        });
    }
}

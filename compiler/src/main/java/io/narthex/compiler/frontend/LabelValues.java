package io.narthex.compiler.frontend;

import io.narthex.compiler.config.value.PrometheusDuration;
import io.narthex.compiler.config.value.Quoting;
import io.narthex.compiler.model.DiagnosticCode;
import io.narthex.compiler.swarm.SwarmService;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What the labels of one endpoint mean, each checked by itself. */
final class LabelValues {

    private static final Pattern NUMBER = Pattern.compile("\\d{1,5}");

    private final EndpointLabels labels;
    private final Report report;

    LabelValues(EndpointLabels labels, Report report) {
        this.labels = labels;
        this.report = report;
    }

    /** Returns the port; without a label the only one there is, and never a guess. */
    Optional<Integer> port(SwarmService service) {
        FoundLabel found = labels.find(LabelField.PORT);
        if (found != null) {
            int port = NUMBER.matcher(found.value()).matches() ? Integer.parseInt(found.value()) : 0;
            if (port < 1 || port > 65535) {
                invalid(found, Quoting.quote(found.value()) + " is no port", "a number from 1 to 65535", "");
                return Optional.empty();
            }
            return Optional.of(port);
        }
        SortedSet<Integer> ports = ports(service);
        if (ports.size() == 1) {
            return Optional.of(ports.first());
        }
        report.add(
                DiagnosticCode.LABEL_PORT_UNCLEAR,
                labels.place(),
                ports.isEmpty()
                        ? "no port is named, and the service publishes none"
                                + (service.exposedPorts().isEmpty()
                                        ? " (whether its image exposes one isn't known)"
                                        : " and its image exposes none")
                        : "no port is named, and the service has several: "
                                + ports.stream().map(String::valueOf).collect(Collectors.joining(", ")),
                "a number from 1 to 65535",
                "add the label " + LabelField.PREFIX
                        + (labels.id().equals(EndpointLabels.DEFAULT_ID) ? "" : "endpoint." + labels.id() + ".")
                        + "port");
        return Optional.empty();
    }

    /** Returns the TCP ports that a service publishes or its image exposes. */
    static SortedSet<Integer> ports(SwarmService service) {
        TreeSet<Integer> ports = new TreeSet<>();
        service.ports().stream()
                .filter(port -> port.protocol().equals("tcp"))
                .forEach(port -> ports.add(port.target()));
        service.exposedPorts().ifPresent(ports::addAll);
        return ports;
    }

    String path() {
        FoundLabel found = labels.find(LabelField.PATH);
        if (found == null) {
            return "/metrics";
        }
        String path = found.value();
        if (!path.startsWith("/") || path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
            invalid(
                    found,
                    Quoting.quote(path) + " is no path",
                    "a path that starts with / and has no parameters",
                    path.indexOf('?') >= 0
                            ? "move what follows the question mark to " + LabelField.PREFIX + "param.NAME"
                            : "write it from /");
        }
        return path;
    }

    String scheme() {
        FoundLabel found = labels.find(LabelField.SCHEME);
        if (found == null) {
            return labels.find(LabelField.CA) == null ? "http" : "https";
        }
        if (!found.value().equals("http") && !found.value().equals("https")) {
            String lower = found.value().toLowerCase(Locale.ROOT);
            invalid(
                    found,
                    Quoting.quote(found.value()) + " is no scheme",
                    "http or https",
                    lower.equals("http") || lower.equals("https") ? "write " + lower : "");
        }
        return found.value();
    }

    String job(String byDefault) {
        FoundLabel found = labels.find(LabelField.JOB);
        if (found != null && found.value().isEmpty()) {
            invalid(found, "the job has no name", "any text", "name it, or remove the label");
        }
        return found == null ? byDefault : found.value();
    }

    Optional<PrometheusDuration> duration(LabelField field) {
        FoundLabel found = labels.find(field);
        if (found == null) {
            return Optional.empty();
        }
        PrometheusDuration duration = report.value(
                PrometheusDuration.parse(found.value()), DiagnosticCode.LABEL_VALUE_INVALID, found.place());
        if (duration != null && duration.isZero()) {
            invalid(found, "the " + field.text() + " is 0", "longer than 0", "write a longer one");
            return Optional.empty();
        }
        return Optional.ofNullable(duration);
    }

    /** Returns the whole name of the network that is named, which must be one of the service's own. */
    Optional<String> network(SwarmService service) {
        FoundLabel found = labels.find(LabelField.NETWORK);
        if (found == null) {
            return Optional.empty();
        }
        String name = found.value();
        String inStack = service.stack().map(stack -> stack + "_" + name).orElse(name);
        Optional<String> network = service.networks().stream()
                .map(SwarmService.Attachment::name)
                .filter(one -> one.equals(name))
                .findFirst()
                .or(() -> service.networks().stream()
                        .map(SwarmService.Attachment::name)
                        .filter(one -> one.equals(inStack))
                        .findFirst());
        if (network.isEmpty()) {
            String own = service.networks().stream()
                    .map(SwarmService.Attachment::name)
                    .sorted()
                    .collect(Collectors.joining(", "));
            report.add(
                    DiagnosticCode.LABEL_NETWORK_UNKNOWN,
                    found.place(),
                    "the service isn't in the network " + Quoting.quote(name),
                    own.isEmpty() ? "none; the service is in no network" : own,
                    "name one of the service's networks, or let it join this one");
        }
        return network;
    }

    /** Returns the values of a field that has names, by name. */
    SortedMap<String, String> named(LabelField field) {
        TreeMap<String, String> values = new TreeMap<>();
        for (Map.Entry<LabelSetting, FoundLabel> entry : labels.settings().entrySet()) {
            if (entry.getKey().field() == field) {
                values.put(entry.getKey().name(), entry.getValue().value());
            }
        }
        return values;
    }

    private void invalid(FoundLabel found, String message, String allowed, String remedy) {
        report.add(DiagnosticCode.LABEL_VALUE_INVALID, found.place(), message, allowed, remedy);
    }
}

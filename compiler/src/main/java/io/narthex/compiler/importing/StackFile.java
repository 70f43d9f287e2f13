package io.narthex.compiler.importing;

import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Diagnostic;
import io.narthex.compiler.model.FieldPath;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Position;
import io.narthex.compiler.model.SourceMap;
import io.narthex.compiler.swarm.DockerSecret;
import io.narthex.compiler.swarm.SwarmService;
import io.narthex.compiler.yaml.YamlTree;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The services of a file for {@code docker stack deploy}, as its Swarm would have them (Compose file format 3), with the
 * place of each label.
 *
 * @param services its services, with their labels
 * @param secrets the secrets that the file declares, and those that labels name and only the Swarm knows; these are
 *     taken as exposed
 * @param foreign the names of the latter
 * @param diagnostics what keeps the file from being read
 * @param unset variables that the file asks for and that have no value; they are taken as empty
 */
public record StackFile(
        List<Declared<SwarmService>> services,
        List<DockerSecret> secrets,
        Set<String> foreign,
        List<Diagnostic> diagnostics,
        Set<String> unset) {

    private static final Pattern PORT =
            Pattern.compile("(?:(?:\\[[^\\]]*\\]|\\d+(?:\\.\\d+){3}):)?(?:(\\d{1,5}):)?(\\d{1,5})(?:/(tcp|udp|sctp))?");

    private static final Pattern SECRET = Pattern.compile("prometheus\\.io/(.*[.-])?secret");

    public StackFile {
        services = List.copyOf(services);
        secrets = List.copyOf(secrets);
        foreign = Set.copyOf(foreign);
        diagnostics = List.copyOf(diagnostics);
        unset = Set.copyOf(unset);
    }

    /**
     * Reads a file.
     *
     * @param name the file as the user named it
     * @param content its bytes
     * @param environment the values of its variables
     * @param stack the name of the stack that it is to be deployed as
     * @return empty where it is no such file: one mapping with {@code services} that is no Kubernetes resource
     */
    public static Optional<StackFile> of(String name, byte[] content, Map<String, String> environment, String stack) {
        YamlTree.Parsed parsed = YamlTree.parse(name, content);
        if (parsed.documents().size() != 1) {
            return Optional.empty();
        }
        YamlTree root = parsed.documents().getFirst();
        boolean isStack = root.get("services").filter(YamlTree::isMapping).isPresent()
                && root.get("apiVersion").isEmpty()
                && root.get("kind").isEmpty();
        return isStack
                ? Optional.of(new Reading(root, new Interpolation(environment), stack).read(parsed.diagnostics()))
                : Optional.empty();
    }

    /** A label with the text that it stands in, and how many characters are before its value there. */
    private record Label(YamlTree.Entry entry, String value, int offset) {

        Position place(int index) {
            YamlTree written = entry.value();
            // Where a variable was replaced, or a quote escaped, characters aren't where they were.
            return written.text().filter(text -> text.endsWith(value)).isPresent()
                    ? written.place(offset + index)
                    : written.place();
        }
    }

    /** Where the labels of a service stand. */
    private record Places(Position service, Map<FieldPath, Label> labels) implements SourceMap {

        @Override
        public Optional<Position> locate(FieldPath path) {
            return locate(path, 0);
        }

        @Override
        public Optional<Position> locate(FieldPath path, int index) {
            Label label = labels.get(path);
            return Optional.of(label == null ? service : label.place(index));
        }
    }

    private static final class Reading {
        private final YamlTree root;
        private final Interpolation variables;
        private final String stack;
        private final Set<String> named = new TreeSet<>();

        Reading(YamlTree root, Interpolation variables, String stack) {
            this.root = root;
            this.variables = variables;
            this.stack = stack;
        }

        StackFile read(List<Diagnostic> diagnostics) {
            List<Declared<SwarmService>> services = new ArrayList<>();
            for (YamlTree.Entry entry :
                    root.get("services").map(YamlTree::entries).orElse(List.of())) {
                services.add(service(entry));
            }
            Map<String, DockerSecret> secrets = new TreeMap<>();
            for (YamlTree.Entry entry :
                    root.get("secrets").map(YamlTree::entries).orElse(List.of())) {
                String name = realName("secrets", entry.key());
                Map<String, String> labels = new TreeMap<>();
                entry.value()
                        .get("labels")
                        .ifPresent(all -> labels(all).forEach((key, label) -> labels.put(key, label.value())));
                // Of one that is made elsewhere the file doesn't tell the labels.
                if (!isExternal(entry.value())) {
                    secrets.put(name, new DockerSecret(name, name, labels));
                }
            }
            Set<String> foreign = new TreeSet<>(named);
            foreign.removeAll(secrets.keySet());
            foreign.forEach(name ->
                    secrets.put(name, new DockerSecret(name, name, Map.of(DockerSecret.EXPOSE_TO, stack))));
            Set<String> unset = new TreeSet<>(variables.unset());
            unset.addAll(variables.demanded().keySet());
            return new StackFile(services, List.copyOf(secrets.values()), foreign, diagnostics, unset);
        }

        private Declared<SwarmService> service(YamlTree.Entry entry) {
            YamlTree written = entry.value();
            Optional<YamlTree> deploy = written.get("deploy");
            Map<FieldPath, Label> places = new HashMap<>();
            Map<String, String> own = new TreeMap<>();
            deploy.flatMap(all -> all.get("labels")).ifPresent(all -> take(all, "labels", own, places));
            Map<String, String> container = new TreeMap<>();
            written.get("labels").ifPresent(all -> take(all, "containerLabels", container, places));
            own.put(SwarmService.STACK_LABEL, stack);
            String name = stack + "_" + entry.key();
            SwarmService service = new SwarmService(
                    name,
                    name,
                    own,
                    container,
                    mode(deploy.flatMap(all -> all.get("mode"))
                            .flatMap(this::text)
                            .orElse("")),
                    deploy.flatMap(all -> all.get("endpoint_mode"))
                                    .flatMap(this::text)
                                    .orElse("")
                                    .equals("dnsrr")
                            ? SwarmService.EndpointMode.DNSRR
                            : SwarmService.EndpointMode.VIP,
                    networks(written),
                    ports(written),
                    Optional.empty(),
                    written.get("image").flatMap(this::text).orElse(""));
            return new Declared<>(
                    Inventory.keyOf(service), own, Map.of(), service, new Places(entry.place(), Map.copyOf(places)));
        }

        private void take(YamlTree all, String field, Map<String, String> values, Map<FieldPath, Label> places) {
            labels(all).forEach((key, label) -> {
                values.put(key, label.value());
                places.put(FieldPath.of(field).field(key), label);
                if (SECRET.matcher(key).matches()) {
                    named.add(label.value().strip());
                }
            });
        }

        /** Reads labels, which are a mapping or a list of {@code KEY=VALUE}. */
        private Map<String, Label> labels(YamlTree all) {
            Map<String, Label> labels = new TreeMap<>();
            for (YamlTree.Entry entry : all.entries()) {
                labels.put(entry.key(), new Label(entry, text(entry.value()).orElse(""), 0));
            }
            for (YamlTree item : all.items()) {
                text(item).ifPresent(text -> {
                    int equals = text.indexOf('=');
                    String key = equals < 0 ? text : text.substring(0, equals);
                    labels.put(
                            key,
                            new Label(
                                    new YamlTree.Entry(key, item.place(), item),
                                    equals < 0 ? "" : text.substring(equals + 1),
                                    equals < 0 ? 0 : text.codePointCount(0, equals + 1)));
                });
            }
            return labels;
        }

        private static SwarmService.Mode mode(String written) {
            return switch (written) {
                case "global" -> SwarmService.Mode.GLOBAL;
                case "replicated-job" -> SwarmService.Mode.REPLICATED_JOB;
                case "global-job" -> SwarmService.Mode.GLOBAL_JOB;
                default -> SwarmService.Mode.REPLICATED;
            };
        }

        private List<SwarmService.Attachment> networks(YamlTree service) {
            Optional<YamlTree> written = service.get("networks");
            List<String> names = new ArrayList<>();
            written.ifPresent(all -> {
                all.entries().forEach(entry -> names.add(entry.key()));
                all.items().forEach(item -> text(item).ifPresent(names::add));
            });
            if (names.isEmpty()) {
                names.add("default");
            }
            return names.stream()
                    .map(name -> realName("networks", name))
                    .map(name -> new SwarmService.Attachment(name, name))
                    .toList();
        }

        private List<SwarmService.Port> ports(YamlTree service) {
            List<SwarmService.Port> ports = new ArrayList<>();
            for (YamlTree port : service.get("ports").map(YamlTree::items).orElse(List.of())) {
                Optional<String> shortForm = text(port);
                Matcher matcher = PORT.matcher(shortForm.orElse(""));
                if (matcher.matches()) {
                    ports.add(new SwarmService.Port(
                            Integer.parseInt(matcher.group(2)),
                            Optional.ofNullable(matcher.group(1)).map(Integer::valueOf),
                            Optional.ofNullable(matcher.group(3)).orElse("tcp"),
                            SwarmService.PublishMode.INGRESS));
                    continue;
                }
                Optional<Integer> target = port.get("target").flatMap(this::number);
                if (target.isPresent()) {
                    ports.add(new SwarmService.Port(
                            target.get(),
                            port.get("published").flatMap(this::number),
                            port.get("protocol").flatMap(this::text).orElse("tcp"),
                            port.get("mode").flatMap(this::text).orElse("").equals("host")
                                    ? SwarmService.PublishMode.HOST
                                    : SwarmService.PublishMode.INGRESS));
                }
            }
            return ports;
        }

        /** Returns the name that Docker gives to a network or secret of the file. */
        private String realName(String kind, String name) {
            Optional<YamlTree> declared = root.get(kind).flatMap(all -> all.get(name));
            return declared.flatMap(one -> one.get("name"))
                    .flatMap(this::text)
                    .orElseGet(() -> declared.filter(Reading::isExternal).isPresent() ? name : stack + "_" + name);
        }

        private static boolean isExternal(YamlTree declared) {
            return declared.get("external")
                    .filter(external -> !external.text().orElse("true").equalsIgnoreCase("false"))
                    .isPresent();
        }

        private Optional<Integer> number(YamlTree value) {
            return text(value).filter(text -> text.matches("\\d{1,5}")).map(Integer::valueOf);
        }

        private Optional<String> text(YamlTree value) {
            return value.text().map(variables::apply);
        }
    }
}

package io.narthex.source.kubernetes;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an operator of the cluster was started with, as its Deployment says.
 *
 * @param operatorClass the servers that it takes care of; empty for those without a class
 * @param platformNamespaces the namespaces whose servers may see all others
 * @param namespaces the namespaces that it looks at; empty for all
 */
public record OperatorArguments(
        Optional<String> operatorClass, Set<String> platformNamespaces, Set<String> namespaces) {

    /** The chart gives it to every operator, whatever the release's name. */
    static final String LABEL = "app.kubernetes.io/component";

    static final String COMMAND = "operator";
    private static final String CLASS = "--operator-class";
    private static final String PLATFORM = "--platform-namespaces";
    private static final String NAMESPACES = "--namespaces";
    /** Other programs have components of that name, too; this option of it the chart always sets. */
    private static final String OWN = "--discovery-role";

    public OperatorArguments {
        platformNamespaces = Set.copyOf(platformNamespaces);
        namespaces = Set.copyOf(namespaces);
    }

    /** Returns whether it takes care of the servers of a class, or of those without one, in a namespace. */
    public boolean takes(@Nullable String ofClass, String namespace) {
        return operatorClass.equals(Optional.ofNullable(ofClass))
                && (namespaces.isEmpty() || namespaces.contains(namespace));
    }

    /** Returns those of the containers that run a Narthex. */
    static Stream<OperatorArguments> of(Deployment deployment) {
        return deployment.getSpec().getTemplate().getSpec().getContainers().stream()
                .map(container -> container.getArgs())
                .filter(arguments -> arguments.contains(COMMAND)
                        && values(arguments, OWN).findAny().isPresent())
                .map(arguments -> new OperatorArguments(
                        values(arguments, CLASS).findFirst(),
                        names(arguments, PLATFORM),
                        names(arguments, NAMESPACES)));
    }

    private static Set<String> names(List<String> arguments, String option) {
        return values(arguments, option)
                .flatMap(names -> Stream.of(names.split(",", -1)))
                .filter(name -> !name.isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** An option and its value are one argument, or two. */
    private static Stream<String> values(List<String> arguments, String option) {
        Stream.Builder<String> values = Stream.builder();
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).startsWith(option + "=")) {
                values.add(arguments.get(i).substring(option.length() + 1));
            } else if (arguments.get(i).equals(option) && i + 1 < arguments.size()) {
                values.add(arguments.get(i + 1));
            }
        }
        return values.build();
    }
}

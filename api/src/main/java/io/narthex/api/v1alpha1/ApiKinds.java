package io.narthex.api.v1alpha1;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The kinds of the custom resources, as {@code kind} has them. */
public final class ApiKinds {
    /** A server. */
    public static final String SERVER = "PrometheusServer";

    /** What to scrape. */
    public static final String MONITOR = "Monitor";

    /** Rules. */
    public static final String RULE_SET = "RuleSet";

    /** Each kind, a server's first, with the type of its specification. */
    public static final Map<String, Class<?>> SPECS = specs();

    private ApiKinds() {}

    private static Map<String, Class<?>> specs() {
        Map<String, Class<?>> specs = new LinkedHashMap<>();
        specs.put(SERVER, PrometheusServerSpec.class);
        specs.put(MONITOR, MonitorSpec.class);
        specs.put(RULE_SET, RuleSetSpec.class);
        return Collections.unmodifiableMap(specs);
    }

    /** Returns a kind's name in the paths of the Kubernetes API, such as {@code monitors}. */
    public static String plural(String kind) {
        return kind.toLowerCase(Locale.ROOT) + "s";
    }

    /** Returns where on the classpath a kind's CustomResourceDefinition is. */
    public static String definition(String kind) {
        return "io/narthex/crds/" + plural(kind) + ".yaml";
    }
}

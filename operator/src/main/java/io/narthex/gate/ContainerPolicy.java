package io.narthex.gate;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Permits to see which containers a daemon has, and nothing that makes, changes or deletes something. */
final class ContainerPolicy {

    private static final Pattern PATH =
            Pattern.compile("/(?:v1\\.[0-9]{1,3}/(info|events|containers/json)|version|_ping)");
    private static final Map<String, Set<String>> PARAMETERS =
            Map.of("events", Set.of("filters", "since", "until"), "containers/json", Set.of("all", "filters"));

    /**
     * Returns the request as it may pass: written anew from what was understood of it.
     *
     * @throws Refused for every other request
     */
    Request judge(Request request) throws Refused {
        Matcher path = PATH.matcher(request.path());
        if (!request.method().equals("GET") || !path.matches()) {
            throw new Refused(Fields.shown(request.method()) + " " + Fields.shown(request.path()) + " isn't permitted");
        }
        Set<String> allowed = path.group(1) == null ? Set.of() : PARAMETERS.getOrDefault(path.group(1), Set.of());
        for (String parameter : request.query().orElse("").split("&", -1)) {
            String name = parameter.replaceFirst("=.*$", "");
            if (!name.isEmpty() && !allowed.contains(name)) {
                throw new Refused("the query parameter " + Fields.shown(name) + " isn't permitted");
            }
        }
        return new Request("GET", request.path(), request.query(), Optional.empty());
    }
}

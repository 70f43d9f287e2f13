package io.narthex.cli.operator;

import io.narthex.cli.terminal.Failure;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import picocli.CommandLine.Model.OptionSpec;

/** Which options of {@code narthex operator} have a meaning on which platforms; those that aren't here have one on all. */
final class PlatformOptions {

    private static final Map<String, Set<Platform>> PLATFORMS = new HashMap<>();

    static {
        on(
                Set.of(Platform.kubernetes),
                "--namespaces",
                "--platform-namespaces",
                "--operator-class",
                "--discovery-role",
                "--lease-namespace",
                "--lease-name",
                "--secrets-by-name");
        on(Set.of(Platform.kubernetes, Platform.swarm), "--prometheus-image");
        on(Set.of(Platform.swarm), "--instance", "--secrets");
        on(
                Set.of(Platform.swarm, Platform.compose),
                "--resources",
                "--advertise",
                "--poll-interval",
                "--docker-host",
                "--docker-cert-path");
        on(Set.of(Platform.compose), "--server-folder", "--server-url");
    }

    private PlatformOptions() {}

    private static void on(Set<Platform> platforms, String... options) {
        Arrays.stream(options).forEach(option -> PLATFORMS.put(option, platforms));
    }

    /** Returns the options that not every platform has. */
    static Set<String> names() {
        return Set.copyOf(PLATFORMS.keySet());
    }

    /** Refuses an option that was given and has no meaning on the platform, rather than ignore it. */
    static void check(Platform platform, List<OptionSpec> given) {
        for (OptionSpec option : given) {
            Set<Platform> meant = PLATFORMS.get(option.longestName());
            if (meant != null && !meant.contains(platform)) {
                String platforms = String.join(
                        " or ", meant.stream().map(Platform::name).sorted().toList());
                throw Failure.usage(
                        option.longestName() + " has no meaning with --platform " + platform,
                        "leave it out, or run with --platform " + platforms);
            }
        }
    }
}

package io.narthex.compiler.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.config.ServerFlag.Mode;
import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.testing.RealPrograms;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The tables of flags and features are those of the program: what they give a release it takes, what they deny it
 * refuses, and it has no others.
 */
class ServerFlagIT {

    private static final Pattern VERSION = Pattern.compile("version (\\d+\\.\\d+\\.\\d+)");
    private static final Pattern OF_ANOTHER_MODE =
            Pattern.compile("can not be used in agent mode.*|only be used in agent mode.*");
    private static final Pattern QUOTED = Pattern.compile("\"--([a-z0-9.-]+)\"");
    private static final Pattern HELPED = Pattern.compile("(?m)^ {2,6}(?:-h, )?--(?:\\[no-\\])?([a-z0-9.-]+)");
    private static final Pattern OPTIONS = Pattern.compile("Valid options: ([^:]*?)\\. See", Pattern.DOTALL);
    private static final Pattern UNKNOWN_OPTION =
            Pattern.compile("Unknown option for --enable-feature\"? option=(\\S+)");

    /** Flags that tell something and end. */
    private static final Set<String> ENDING = Set.of("help", "help-long", "help-man", "version");

    /** Flags that Debian's build has of its own, and those of Prometheus that it has turned into them. */
    private static final Set<String> OF_DEBIAN =
            Set.of("storage.agent.use-lockfile", "storage.tsdb.use-lockfile", "web.local-assets");

    private static final Set<ServerFlag> NOT_OF_DEBIAN =
            EnumSet.of(ServerFlag.AGENT_NO_LOCKFILE, ServerFlag.TSDB_NO_LOCKFILE);

    /** Flags without a value. */
    private static final Set<ServerFlag> SWITCHES = EnumSet.of(
            ServerFlag.CONFIG_AUTO_RELOAD,
            ServerFlag.AUTO_GOMAXPROCS,
            ServerFlag.AUTO_GOMEMLIMIT,
            ServerFlag.WEB_ENABLE_LIFECYCLE,
            ServerFlag.WEB_ENABLE_ADMIN_API,
            ServerFlag.WEB_ENABLE_REMOTE_WRITE_RECEIVER,
            ServerFlag.WEB_ENABLE_OTLP_RECEIVER,
            ServerFlag.TSDB_NO_LOCKFILE,
            ServerFlag.TSDB_ALLOW_OVERLAPPING_BLOCKS,
            ServerFlag.TSDB_ALLOW_OVERLAPPING_COMPACTION,
            ServerFlag.TSDB_WAL_COMPRESSION,
            ServerFlag.AGENT_WAL_COMPRESSION,
            ServerFlag.AGENT_CHECKPOINT_IN_MEMORY,
            ServerFlag.AGENT_NO_LOCKFILE,
            ServerFlag.SCRAPE_ADJUST_TIMESTAMPS,
            ServerFlag.ALERTMANAGER_DRAIN,
            ServerFlag.AGENT_MODE);

    @TempDir
    private Path folder;

    private record Answer(int code, String text) {}

    private record Release(PrometheusVersion version, boolean debian) {
        boolean has(ServerFlag flag) {
            return flag.gate().allows(version) && !(debian && NOT_OF_DEBIAN.contains(flag));
        }
    }

    static List<Path> programs() {
        return RealPrograms.everyPrometheus();
    }

    private static Answer run(Path program, Stream<String> arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Stream.concat(Stream.of(program.toString()), arguments).toList())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Answer(process.waitFor(), text);
    }

    private static Release release(Path program) throws IOException, InterruptedException {
        String text = run(program, Stream.of("--version")).text();
        Matcher matcher = VERSION.matcher(text);
        assertThat(matcher.find()).isTrue();
        return new Release(PrometheusVersion.parse(matcher.group(1)).orElseThrow(), text.contains("debian"));
    }

    /** Returns an argument with a value that does no harm. */
    private String argument(ServerFlag flag) {
        String name = "--" + flag.text();
        if (SWITCHES.contains(flag)) {
            return name;
        }
        return name + "="
                + switch (flag) {
                    case CONFIG_FILE -> folder.resolve("prometheus.yml").toString();
                    case WEB_CONFIG_FILE -> folder.resolve("web.yml").toString();
                    case WEB_LISTEN_ADDRESS -> "127.0.0.1:" + freePort();
                    case WEB_USER_ASSETS, WEB_CONSOLE_TEMPLATES, WEB_CONSOLE_LIBRARIES -> folder.toString();
                    case TSDB_PATH, AGENT_PATH -> folder.resolve("data").toString();
                    case TSDB_DELAY_COMPACT_FILE -> folder.resolve("delay").toString();
                    case WEB_EXTERNAL_URL -> "http://prometheus.invalid/";
                    case WEB_ROUTE_PREFIX -> "/";
                    case WEB_CORS_ORIGIN -> "^$";
                    case WEB_PAGE_TITLE -> "Shop";
                    case WEB_REMOTE_WRITE_MESSAGES -> "prometheus.WriteRequest";
                    case SCRAPE_NAME_ESCAPING -> "values";
                    case ENABLE_FEATURE -> "extra-scrape-metrics";
                    case LOG_LEVEL -> "info";
                    case LOG_FORMAT -> "logfmt";
                    case TSDB_WAL_COMPRESSION_TYPE, AGENT_WAL_COMPRESSION_TYPE -> "snappy";
                    case TSDB_MIN_BLOCK_DURATION, TSDB_MAX_BLOCK_DURATION, AGENT_WAL_TRUNCATE_FREQUENCY -> "2h";
                    case AGENT_RETENTION_MIN_TIME -> "5m";
                    case AGENT_RETENTION_MAX_TIME, TSDB_RETENTION, TSDB_RETENTION_TIME -> "1d";
                    case TSDB_RETENTION_SIZE -> "1GB";
                    case TSDB_WAL_SEGMENT_SIZE, AGENT_WAL_SEGMENT_SIZE, TSDB_MAX_CHUNK_SEGMENT_SIZE -> "64MB";
                    case AUTO_GOMEMLIMIT_RATIO -> "0.9";
                    case WEB_MAX_CONNECTIONS,
                            WEB_MAX_NOTIFICATIONS_SUBSCRIBERS,
                            WEB_SEARCH_MAX_LIMIT,
                            TSDB_SAMPLES_PER_CHUNK,
                            TSDB_HEAD_CHUNKS_WRITE_QUEUE_SIZE,
                            TSDB_DELAYED_COMPACTION,
                            AGENT_CHECKPOINT_BATCH_SIZE,
                            REMOTE_READ_SAMPLE_LIMIT,
                            REMOTE_READ_CONCURRENT_LIMIT,
                            REMOTE_READ_MAX_BYTES,
                            RULES_MAX_CONCURRENT,
                            ALERTMANAGER_QUEUE_CAPACITY,
                            ALERTMANAGER_BATCH_SIZE,
                            QUERY_MAX_CONCURRENCY,
                            QUERY_MAX_SAMPLES -> "100";
                    default -> "1m"; // A duration.
                };
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<ServerFlag> flags(Release release, Predicate<ServerFlag> which) {
        return Arrays.stream(ServerFlag.values())
                .filter(release::has)
                .filter(which)
                .toList();
    }

    private static Set<String> names(List<ServerFlag> flags) {
        return flags.stream().map(ServerFlag::text).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> all(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @ParameterizedTest
    @MethodSource("programs")
    void itTakesTheFlagsThatItIsSaidToHave(Path program) throws IOException, InterruptedException {
        List<ServerFlag> flags = flags(release(program), flag -> true);
        Answer answer = run(program, Stream.concat(flags.stream().map(this::argument), Stream.of("--version")));
        assertThat(answer.code()).as(answer.text()).isZero();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void itRefusesTheFlagsThatItIsSaidToLack(Path program) throws IOException, InterruptedException {
        Release release = release(program);
        List<ServerFlag> taken = new ArrayList<>();
        for (ServerFlag flag : ServerFlag.values()) {
            if (!release.has(flag)) {
                Answer answer = run(program, Stream.of(argument(flag), "--version"));
                if (answer.code() == 0 || !answer.text().contains("unknown long flag '--" + flag.text() + "'")) {
                    taken.add(flag);
                }
            }
        }
        assertThat(taken).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("programs")
    void itTellsOfNoFlagAndNoFeatureThatTheTablesLack(Path program) throws IOException, InterruptedException {
        Release release = release(program);
        String help = run(program, Stream.of("--help")).text();
        Set<String> told = all(HELPED, help);
        assertThat(told).hasSizeGreaterThan(30);
        told.removeAll(ENDING);
        told.removeAll(release.debian() ? OF_DEBIAN : Set.of());
        told.removeAll(names(flags(release, flag -> true)));
        assertThat(told).isEmpty();
        Matcher options = OPTIONS.matcher(help.replaceAll("\\s+", " "));
        assertThat(options.find()).isTrue();
        assertThat(options.group(1).replace(" (DEPRECATED)", "").split(", "))
                .hasSizeGreaterThan(5)
                .allMatch(option -> ServerFeature.find(option)
                        .filter(feature -> feature.gate().allows(release.version()))
                        .isPresent());
    }

    @ParameterizedTest
    @MethodSource("programs")
    void itRefusesTheFlagsOfTheOtherMode(Path program) throws IOException, InterruptedException {
        Release release = release(program);
        String agentMode = release.has(ServerFlag.AGENT_MODE) ? "--agent" : "--enable-feature=agent";
        Predicate<ServerFlag> harmless = flag ->
                flag != ServerFlag.AGENT_MODE && flag != ServerFlag.CONFIG_FILE && flag != ServerFlag.ENABLE_FEATURE;
        Stream<String> missing = Stream.of("--config.file=" + folder.resolve("missing.yml"));
        Answer server = run(
                program,
                Stream.concat(missing, flags(release, harmless).stream().map(this::argument)));
        assertThat(refused(server)).isEqualTo(names(flags(release, flag -> flag.mode() == Mode.AGENT)));
        missing = Stream.of("--config.file=" + folder.resolve("missing.yml"), agentMode);
        Answer agent = run(
                program,
                Stream.concat(missing, flags(release, harmless).stream().map(this::argument)));
        assertThat(refused(agent)).isEqualTo(names(flags(release, flag -> flag.mode() == Mode.SERVER)));
    }

    private static Set<String> refused(Answer answer) {
        assertThat(answer.code()).as(answer.text()).isEqualTo(3);
        String text = OF_ANOTHER_MODE
                .matcher(answer.text())
                .results()
                .map(MatchResult::group)
                .collect(Collectors.joining());
        return all(QUOTED, text);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void itLogsTheFeaturesThatItIsSaidToLack(Path program) throws IOException, InterruptedException {
        Release release = release(program);
        String features =
                Arrays.stream(ServerFeature.values()).map(ServerFeature::text).collect(Collectors.joining(","));
        Answer answer = run(
                program, Stream.of("--enable-feature=" + features, "--config.file=" + folder.resolve("missing.yml")));
        Set<String> lacking = Arrays.stream(ServerFeature.values())
                .filter(feature -> !feature.gate().allows(release.version()))
                .map(ServerFeature::text)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(all(UNKNOWN_OPTION, answer.text())).as(answer.text()).isEqualTo(lacking);
    }

    @ParameterizedTest
    @MethodSource("programs")
    void itStartsWithAllFlagsOfItsMode(Path program) throws IOException, InterruptedException {
        Release release = release(program);
        Files.writeString(folder.resolve("prometheus.yml"), "global: {scrape_interval: 15s}\n");
        Files.writeString(folder.resolve("web.yml"), "{}\n");
        assertStarts(program, flags(release, flag -> flag != ServerFlag.AGENT_MODE && flag.fits(false)), List.of());
        boolean byFlag = release.has(ServerFlag.AGENT_MODE);
        assertStarts(
                program,
                flags(release, flag -> flag.fits(true) && (byFlag || flag != ServerFlag.ENABLE_FEATURE)),
                byFlag ? List.of() : List.of("--enable-feature=agent"));
    }

    private void assertStarts(Path program, List<ServerFlag> flags, List<String> more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        flags.forEach(flag -> command.add(argument(flag)));
        command.addAll(more);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        StringBuilder log = new StringBuilder();
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            String line = lines.readLine();
            while (line != null && !line.contains("Server is ready to receive web requests")) {
                log.append(line).append('\n');
                line = lines.readLine();
            }
            assertThat(line).as(log.toString()).isNotNull();
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}

package io.narthex.process;

import io.narthex.compiler.config.Dialect;
import io.narthex.compiler.config.RuleConfig;
import io.narthex.compiler.config.RuleGroupConfig;
import io.narthex.compiler.model.PrometheusVersion;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The {@code promtool} of a Prometheus program.
 *
 * @param path the file
 * @param version its release, that of the program it lies beside
 * @param versionText its release as the program says it
 */
public record Promtool(Path path, PrometheusVersion version, String versionText) {

    /** The release that the rule file is written for; any reads it. */
    private static final PrometheusVersion PLAIN = PrometheusVersion.OLDEST;

    private static final String NAME = "expression:";
    private static final Pattern ERROR =
            Pattern.compile("\"" + NAME + "(\\d{1,6})\": (?:could not parse expression: )?(.+)$", Pattern.MULTILINE);
    /** What it prints of a feature that it doesn't know; it goes on without it. */
    private static final String FEATURE_UNKNOWN = "WARNING: Unknown ";

    /** Returns the promtool that lies beside a program, or beside what that is a link to. */
    public static Optional<Promtool> beside(PrometheusProgram program) {
        List<Path> candidates = new ArrayList<>(List.of(program.path().resolveSibling("promtool")));
        try {
            candidates.add(program.path().toRealPath().resolveSibling("promtool"));
        } catch (IOException e) {
            // It is gone meanwhile, and so is what would lie beside it.
        }
        return candidates.stream()
                .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
                .findFirst()
                .map(file -> new Promtool(file, program.version(), program.versionText()));
    }

    /**
     * Has expressions parsed, by one {@code promtool check rules}.
     *
     * @param expressions the expressions, at most some thousands
     * @param features the features of {@code --enable-feature} that the server has and that matter to its parser
     * @param limit how long it may take
     * @return what it says against each, in their order; nothing where it can't tell: it didn't end in time, lacks a
     *     feature, or answers something that isn't understood
     * @throws InterruptedException when the thread is interrupted
     */
    public Optional<List<Optional<String>>> check(List<String> expressions, Collection<String> features, Duration limit)
            throws InterruptedException {
        try {
            Path file = Files.createTempFile("narthex-", ".yml");
            try {
                Files.write(file, rules(expressions));
                List<String> command = new ArrayList<>(List.of(path.toString()));
                features.forEach(feature -> command.add("--enable-feature=" + feature));
                command.addAll(List.of("check", "rules", file.toString()));
                return ShortRun.of(command, Map.of(), limit).flatMap(run -> read(run, expressions.size()));
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static byte[] rules(List<String> expressions) throws IOException {
        List<RuleConfig> rules = new ArrayList<>(expressions.size());
        for (int i = 0; i < expressions.size(); i++) {
            rules.add(RuleConfig.builder()
                    .record(NAME + i)
                    .expr(expressions.get(i))
                    .build());
        }
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.write(Dialect.GROUPS.getBytes(StandardCharsets.UTF_8));
        file.write(Dialect.of(PLAIN)
                .render(RuleGroupConfig.builder().name("narthex").rules(rules).build())
                .bytes());
        return file.toByteArray();
    }

    private static Optional<List<Optional<String>>> read(ShortRun.Result run, int count) {
        if (run.output().contains(FEATURE_UNKNOWN) || run.isCut()) {
            return Optional.empty();
        }
        Map<Integer, String> errors = new TreeMap<>();
        Matcher matcher = ERROR.matcher(run.output());
        while (matcher.find()) {
            errors.putIfAbsent(
                    Integer.parseInt(matcher.group(1)), matcher.group(2).strip());
        }
        // An outcome that names none of them is about something else.
        if ((run.status() == 0) != errors.isEmpty()) {
            return Optional.empty();
        }
        List<Optional<String>> all = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            all.add(Optional.ofNullable(errors.get(i)));
        }
        return Optional.of(List.copyOf(all));
    }
}

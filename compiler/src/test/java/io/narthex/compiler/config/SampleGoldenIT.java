package io.narthex.compiler.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.testing.Promcheck;
import io.narthex.testing.SelfSigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The version table is true: what it gives a release the release takes, and what it denies one the release refuses. */
class SampleGoldenIT {

    private static final Pattern UNKNOWN = Pattern.compile("line (\\d+): field (\\S+) not found");

    @TempDir
    private Path folder;

    @BeforeEach
    void files() throws IOException {
        SelfSigned certificate = SelfSigned.make();
        Files.writeString(folder.resolve(Samples.CA), certificate.certificate());
        Files.writeString(folder.resolve(Samples.CERT), certificate.certificate());
        Files.writeString(folder.resolve(Samples.KEY), certificate.key());
        Files.writeString(folder.resolve(Samples.SECRET), "s");
    }

    private Optional<String> refusal(Promcheck release, Sample sample, PrometheusVersion writtenFor)
            throws IOException {
        Path file = folder.resolve(
                switch (sample.kind()) {
                    case CONFIG -> "prometheus.yml";
                    case RULES -> "rules.yml";
                    case WEB -> "web.yml";
                });
        Files.writeString(file, sample.text(writtenFor));
        return switch (sample.kind()) {
            case CONFIG -> release.config(file, false);
            case RULES -> release.rules(file);
            case WEB -> release.web(file);
        };
    }

    @ParameterizedTest
    @FieldSource("io.narthex.testing.RealPrograms#RELEASES")
    void eachReleaseTakesWhatItIsGiven(String release) throws IOException {
        PrometheusVersion version = PrometheusVersion.parse(release + ".0").orElseThrow();
        List<String> refused = new ArrayList<>();
        try (Promcheck prometheus = Promcheck.of(release)) {
            for (Sample sample : Samples.ALL) {
                if (sample.isUsed(version)) {
                    refusal(prometheus, sample, version).ifPresent(why -> refused.add(sample + ": " + why));
                }
            }
        }
        assertThat(refused).isEmpty();
    }

    /** Written for the newest release, each line that an older one doesn't know is one that the table denies it. */
    @ParameterizedTest
    @FieldSource("io.narthex.testing.RealPrograms#RELEASES")
    void eachReleaseRefusesWhatItIsNotGiven(String release) throws IOException {
        PrometheusVersion version = PrometheusVersion.parse(release + ".0").orElseThrow();
        List<String> wrong = new ArrayList<>();
        try (Promcheck prometheus = Promcheck.of(release)) {
            for (Sample sample : Samples.ALL) {
                Set<Integer> denied = new TreeSet<>();
                List<Sample.Line> lines = sample.lines(PrometheusVersion.NEWEST_KNOWN);
                String above = null;
                for (Sample.Line line : lines) {
                    boolean inside = above != null
                            && (line.path().startsWith(above + ".")
                                    || line.path().startsWith(above + "["));
                    if (!inside && line.fields().stream().anyMatch(field -> isUnknown(field, version))) {
                        denied.add(line.number());
                        above = line.path();
                    }
                }
                Optional<String> refusal = refusal(prometheus, sample, PrometheusVersion.NEWEST_KNOWN);
                Set<Integer> unknown = unknown(refusal.orElse(""));
                boolean byValue = sample.findings(version).stream()
                        .anyMatch(finding -> !finding.value().isEmpty());
                if (!unknown.equals(denied) || (byValue && refusal.isEmpty())) {
                    wrong.add(sample + ": the table denies lines " + denied + ", " + release + " refuses " + unknown
                            + (byValue ? ", and a value should be refused" : "") + ": "
                            + refusal.orElse("nothing") + " in\n" + sample.text(PrometheusVersion.NEWEST_KNOWN));
                }
            }
        }
        assertThat(wrong).isEmpty();
    }

    private static boolean isUnknown(ConfigField field, PrometheusVersion version) {
        return !field.gate().allows(version) || !field.key().equals(field.key(version));
    }

    private static Set<Integer> unknown(String refusal) {
        Matcher matcher = UNKNOWN.matcher(refusal);
        return matcher.results()
                .map(result -> Integer.valueOf(result.group(1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}

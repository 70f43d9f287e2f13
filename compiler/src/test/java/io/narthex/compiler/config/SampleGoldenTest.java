package io.narthex.compiler.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.PrometheusVersion;
import io.narthex.testing.RealPrograms;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every field of the configuration has a golden file on each side of its gate. {@link SampleGoldenIT} has the releases
 * read what stands in them. After a wanted change run with {@code -Dgolden.update=true} and read the difference.
 */
class SampleGoldenTest {

    static Stream<Arguments> sections() {
        return Samples.ALL.stream()
                .map(Sample::section)
                .distinct()
                .flatMap(section -> RealPrograms.RELEASES.stream().map(release -> Arguments.of(section, release)));
    }

    @ParameterizedTest(name = "{0} for {1}")
    @MethodSource("sections")
    void becomesWhatItDid(String section, String release) throws IOException {
        String made = text(section, PrometheusVersion.parse(release + ".0").orElseThrow());
        String name = section + "-" + release + ".txt";
        if (Boolean.getBoolean("golden.update")) {
            Path folder = Path.of("src/test/resources/io/narthex/compiler/config/golden");
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(name), made);
        } else {
            assertThat(made).isEqualTo(resource(name));
        }
    }

    private static String text(String section, PrometheusVersion version) {
        StringBuilder text = new StringBuilder();
        for (Sample sample : Samples.ALL) {
            if (sample.section().equals(section)) {
                text.append("=== ").append(sample.name()).append('\n');
                sample.findings(version)
                        .forEach(finding -> text.append("# ")
                                .append(finding.kind())
                                .append(' ')
                                .append(finding.path())
                                .append(finding.value().isEmpty() ? "" : " " + finding.value())
                                .append('\n'));
                text.append(sample.isUsed(version) ? sample.text(version) : "");
            }
        }
        return text.toString();
    }

    private static String resource(String name) throws IOException {
        try (InputStream in = SampleGoldenTest.class.getResourceAsStream("golden/" + name)) {
            assertThat(in)
                    .as(name + " is missing: run with -Dgolden.update=true")
                    .isNotNull();
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    @Test
    void everyFieldOfTheVersionTableIsWritten() {
        Set<ConfigField> missing = EnumSet.allOf(ConfigField.class);
        for (Sample sample : Samples.ALL) {
            sample.lines(PrometheusVersion.NEWEST_KNOWN)
                    .forEach(line -> line.fields().forEach(missing::remove));
        }
        assertThat(missing).as("fields without a sample").isEmpty();
    }

    /** A field that a record has and the version table lacks would be forgotten by the test before. */
    @Test
    void everyComponentOfEveryRecordIsSet() {
        Set<String> missing = new TreeSet<>();
        Set<Class<?>> records = records();
        records.forEach(type ->
                Arrays.stream(type.getRecordComponents()).forEach(component -> missing.add(name(type, component))));
        assertThat(records)
                .contains(ScrapeConfig.class, OAuth2Config.class, KubernetesSelector.class, WebTlsConfig.class);
        Samples.ALL.forEach(sample -> removeSet(sample.part(), missing));
        assertThat(missing).as("components without a sample").isEmpty();
    }

    @Test
    void everyValueOfAFieldWithFewOfThemIsWritten() {
        Set<Object> missing = new LinkedHashSet<>();
        for (Class<?> type : records()) {
            for (RecordComponent component : type.getRecordComponents()) {
                for (Class<?> raw : classes(component.getGenericType())) {
                    if (Token.class.isAssignableFrom(raw) && raw.isEnum()) {
                        missing.addAll(List.of(raw.getEnumConstants()));
                    }
                }
            }
        }
        assertThat(missing).contains(DnsRecordType.NS, TlsVersion.TLS13);
        Samples.ALL.forEach(sample -> removeValues(sample.part(), missing));
        assertThat(missing).as("values without a sample").isEmpty();
    }

    /** Returns the records that configuration is made of. */
    private static Set<Class<?>> records() {
        Set<Class<?>> found = new LinkedHashSet<>();
        List.of(PrometheusConfig.class, ScrapeConfig.class, RuleGroupConfig.class, WebConfig.class)
                .forEach(root -> collect(root, found));
        return found;
    }

    private static void collect(Class<?> type, Set<Class<?>> found) {
        if (type.isSealed() && type.isInterface()) {
            Arrays.stream(type.getPermittedSubclasses()).forEach(permitted -> collect(permitted, found));
        } else if (Part.class.isAssignableFrom(type) && type.isRecord() && found.add(type)) {
            for (RecordComponent component : type.getRecordComponents()) {
                classes(component.getGenericType()).forEach(inner -> collect(inner, found));
            }
        }
    }

    private static List<Class<?>> classes(Type type) {
        if (type instanceof ParameterizedType generic) {
            return Arrays.stream(generic.getActualTypeArguments())
                    .flatMap(argument -> classes(argument).stream())
                    .toList();
        }
        return type instanceof Class<?> raw ? List.of(raw) : List.of();
    }

    private static String name(Class<?> type, RecordComponent component) {
        return type.getSimpleName() + "." + component.getName();
    }

    private static void removeSet(Object value, Set<String> missing) {
        switch (value) {
            case Part part -> {
                for (RecordComponent component : part.getClass().getRecordComponents()) {
                    Object held = value(component, part);
                    if (held != null && isSet(held)) {
                        missing.remove(name(part.getClass(), component));
                        removeSet(held, missing);
                    }
                }
            }
            case Collection<?> list -> list.forEach(item -> removeSet(item, missing));
            case Map<?, ?> map -> map.values().forEach(item -> removeSet(item, missing));
            default -> {}
        }
    }

    private static void removeValues(Object value, Set<Object> missing) {
        missing.remove(value);
        switch (value) {
            case Part part -> {
                for (RecordComponent component : part.getClass().getRecordComponents()) {
                    Object held = value(component, part);
                    if (held != null) {
                        removeValues(held, missing);
                    }
                }
            }
            case Collection<?> list -> list.forEach(item -> removeValues(item, missing));
            default -> {}
        }
    }

    private static boolean isSet(Object value) {
        return switch (value) {
            case Collection<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> true;
        };
    }

    private static @Nullable Object value(RecordComponent component, Object owner) {
        try {
            return component.getAccessor().invoke(owner);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(component.toString(), e);
        }
    }

    /** A gate inside which no parser of a release stands on either side would be proved by nothing. */
    @Test
    void everyGateLiesBetweenTwoReleasesThatAreAsked() {
        List<PrometheusVersion> asked = RealPrograms.RELEASES.stream()
                .map(release -> PrometheusVersion.parse(release + ".0").orElseThrow())
                .toList();
        assertThat(Arrays.stream(ConfigField.values())
                        .filter(field -> !field.gate().equals(Gate.ALWAYS))
                        .filter(field -> asked.stream().allMatch(field.gate()::allows)
                                || asked.stream().noneMatch(field.gate()::allows))
                        .toList())
                .isEmpty();
    }
}

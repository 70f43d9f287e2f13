package io.narthex.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.narthex.compiler.model.QueryVerdict;
import io.narthex.compiler.promql.Confinement;
import io.narthex.compiler.promql.Query;
import io.narthex.compiler.promql.Query.Matcher;
import io.narthex.compiler.promql.Query.Selector;
import io.narthex.compiler.promql.Query.Span;
import io.narthex.compiler.promql.Query.Time;
import io.narthex.compiler.promql.QueryText;
import io.narthex.process.RestartPace;
import io.narthex.process.StateFolder;
import io.narthex.process.Supervisor;
import io.narthex.process.TestPrometheus;
import io.narthex.testing.RealPrograms;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Any tree, with any text in any place, is read by a real Prometheus as it was meant. */
class QueryTextPropertiesIT {

    private static final List<AutoCloseable> OPEN = new ArrayList<>();
    private static final List<PrometheusClient> CLIENTS = new ArrayList<>();

    @BeforeContainer
    static void start() throws Exception {
        Path program = RealPrograms.prometheus();
        Path folder = Files.createTempDirectory("narthex-query-text-");
        OPEN.add(() -> {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        });
        StateFolder state = TestPrometheus.open(folder.resolve("state"));
        OPEN.add(state);
        Supervisor supervisor =
                new Supervisor(state, Map.of(), RestartPace.DEFAULT, new Random(1), InstantSource.system());
        OPEN.add(supervisor);
        int port = TestPrometheus.freePort();
        TestPrometheus.configure(state, "{}");
        supervisor.start(TestPrometheus.launch(program, state, port));
        PrometheusClient client = TestPrometheus.client(port);
        OPEN.add(client);
        CLIENTS.add(client);
        await().atMost(Duration.ofSeconds(60))
                .until(() -> client.readiness()
                        .toOptional()
                        .filter(Readiness.Ready.class::isInstance)
                        .isPresent());
    }

    @AfterContainer
    static void stop() throws Exception {
        for (AutoCloseable open : OPEN.reversed()) {
            open.close();
        }
    }

    @Property(tries = 1500, shrinking = ShrinkingMode.BOUNDED)
    void isReadAsItWasMeant(@ForAll("vectors") Query query) {
        assertThat(CLIENTS.getFirst().parseQuery(QueryText.of(query)).toOptional())
                .as(QueryText.of(query))
                .contains(new QueryVerdict.Parsed(query, Set.of()));
    }

    @Property(tries = 500, shrinking = ShrinkingMode.BOUNDED)
    void confinedItIsToo(
            @ForAll("vectors") Query query, @ForAll("labelNames") String label, @ForAll("values") String value) {
        Query goal = new Confinement(new TreeMap<>(Map.of(label, value.isEmpty() ? "a" : value))).confine(query);
        assertThat(CLIENTS.getFirst().parseQuery(QueryText.of(goal)).toOptional())
                .as(QueryText.of(goal))
                .contains(new QueryVerdict.Parsed(goal, Set.of()));
    }

    @Provide
    Arbitrary<String> values() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(6).filter(QueryTextPropertiesIT::isUnicode),
                Arbitraries.of("", "\"", "\\", "a\"} or up{x=\"", "{{", "\n", "'", "`", "\\\"", "# no"));
    }

    /** Bytes that are no UTF-8 can't come out of a tree, nor can what stands for them. */
    private static boolean isUnicode(String text) {
        return text.codePoints()
                .allMatch(c -> c != 0xFFFD && !(c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }

    @Provide
    Arbitrary<String> labelNames() {
        return Arbitraries.oneOf(
                Arbitraries.of("job", "a_b", "a.b", "by", "without", "inf", "NaN", "sum", "é", "a b", "1a", "on"),
                Arbitraries.strings()
                        .ofMinLength(1)
                        .ofMaxLength(4)
                        .filter(name -> isUnicode(name) && !name.equals("__name__")));
    }

    private Arbitrary<Span> spans(long least) {
        // Prometheus's parser calculates in seconds: of many days it loses milliseconds.
        return Arbitraries.oneOf(
                        Arbitraries.longs().between(least, 86_400_000),
                        Arbitraries.longs().between(1, 400L * 86_400).map(seconds -> seconds * 1000))
                .map(Span.Fixed::new);
    }

    private Arbitrary<Time> times() {
        return Combinators.combine(
                        spans(-86_400_000)
                                .filter(span -> !span.equals(new Span.Fixed(0)))
                                .injectNull(0.7),
                        Arbitraries.longs()
                                .between(-1_000_000, 4_000_000_000_000L)
                                .injectNull(0.7),
                        Arbitraries.of("", "", "start", "end"))
                .as((offset, timestamp, edge) -> new Time(offset, timestamp, timestamp == null ? edge : ""));
    }

    private Arbitrary<Query> selectors(boolean range) {
        Arbitrary<List<Matcher>> matchers = Combinators.combine(
                        labelNames(), Arbitraries.of("=", "!=", "=~", "!~"), values())
                .as((name, op, value) -> new Matcher(
                        name,
                        op,
                        // Any text is a value; not any is a regular expression.
                        op.endsWith("~") ? value.replaceAll("[^a-z]", ".") : value))
                .list()
                .ofMaxSize(3);
        return Combinators.combine(
                        Arbitraries.of("up", "a:b", "sum", "by", ""),
                        matchers,
                        spans(1),
                        times(),
                        Arbitraries.of("", "", "anchored", "smoothed"))
                .as((name, some, length, time, extension) -> {
                    Span span = range ? length : null;
                    List<Matcher> all = new ArrayList<>(some);
                    all.add(new Matcher("__name__", "=", name.isEmpty() ? "any \"name\"" : name));
                    // anchored is for ranges.
                    String fitting = span == null && extension.equals("anchored") ? "" : extension;
                    return new Selector(name, all, span, time, fitting);
                });
    }

    @Provide
    Arbitrary<Query> vectors() {
        return vectors(3);
    }

    private Arbitrary<Query> numbers() {
        return Arbitraries.oneOf(
                        Arbitraries.bigDecimals()
                                .ofScale(3)
                                .map(number -> number.stripTrailingZeros().toPlainString()),
                        Arbitraries.of("NaN", "+Inf", "-Inf", "0.1", "-0.000001", "123456789012345"))
                .map(text -> text.matches("-?[0-9.]+")
                        ? new BigDecimal(Double.toString(Double.parseDouble(text)))
                                .stripTrailingZeros()
                                .toPlainString()
                        : text)
                .filter(text -> !text.equals("-0"))
                .map(Query.NumberLiteral::new);
    }

    private Arbitrary<Query> vectors(int depth) {
        Arbitrary<Query> leaf = selectors(false);
        if (depth == 0) {
            return leaf;
        }
        Arbitrary<Query> inner = Arbitraries.lazy(() -> vectors(depth - 1));
        Arbitrary<Query> operand = inner.map(query ->
                query instanceof Query.Binary || query instanceof Query.Sign ? new Query.Parentheses(query) : query);
        Arbitrary<List<String>> labels = labelNames().list().uniqueElements().ofMaxSize(2);
        return Arbitraries.oneOf(
                leaf,
                inner.map(Query.Parentheses::new),
                operand.map(query -> new Query.Sign("-", query)),
                selectors(true).map(range -> new Query.Call("rate", List.of(range))),
                Combinators.combine(inner, values(), values())
                        .as((query, replacement, source) -> new Query.Call(
                                "label_replace",
                                List.of(
                                        query,
                                        new Query.StringLiteral("x"),
                                        new Query.StringLiteral(replacement),
                                        new Query.StringLiteral(source),
                                        new Query.StringLiteral(".*")))),
                Combinators.combine(operand, spans(1), spans(1).injectNull(0.3), times())
                        .as((query, range, step, time) ->
                                new Query.Call("max_over_time", List.of(new Query.Subquery(query, range, step, time)))),
                Combinators.combine(Arbitraries.of("sum", "max", "group"), inner, labels, Arbitraries.of(true, false))
                        .as((op, query, by, without) -> new Query.Aggregation(op, null, query, by, without)),
                Combinators.combine(Arbitraries.of("topk", "quantile"), numbers(), inner, labels)
                        .as((op, number, query, by) -> new Query.Aggregation(op, number, query, by, false)),
                Combinators.combine(operand, operand, Arbitraries.of("+", "/", "^", ">", "=="), labels, labels)
                        .as((left, right, op, on, include) -> new Query.Binary(
                                op,
                                left,
                                right,
                                op.equals(">"),
                                new Query.Matching(
                                        "many-to-one",
                                        true,
                                        on,
                                        include.stream()
                                                .filter(label -> !on.contains(label))
                                                .toList(),
                                        null,
                                        null))),
                Combinators.combine(operand, operand, Arbitraries.of("and", "or", "unless"), labels)
                        .as((left, right, op, ignoring) -> new Query.Binary(
                                op,
                                left,
                                right,
                                false,
                                new Query.Matching("many-to-many", false, ignoring, List.of(), null, null))),
                Combinators.combine(operand, numbers(), Arbitraries.of("*", "%", "<="))
                        .as((left, number, op) -> new Query.Binary(op, left, number, false, null)));
    }
}

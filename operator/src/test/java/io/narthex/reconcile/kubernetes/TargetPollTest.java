package io.narthex.reconcile.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.narthex.prometheus.ClientLimits;
import io.narthex.prometheus.PrometheusClient;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.rollout.kubernetes.KubernetesPrometheus.Answering;
import io.narthex.status.kubernetes.AlertmanagerCounts;
import io.narthex.status.kubernetes.JobCounts;
import io.narthex.status.kubernetes.RuleCounts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which targets are asked for and when; a server that counts stands in for one with a thousand jobs. */
class TargetPollTest {

    private static final String ALL = "all";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final Duration EACH_SECOND = Duration.ofSeconds(1);

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final AtomicInteger rulesAsked = new AtomicInteger();
    private final AtomicBoolean failing = new AtomicBoolean();
    private final AtomicReference<CountDownLatch> answer = new AtomicReference<>(new CountDownLatch(0));
    private final AtomicReference<String> process = new AtomicReference<>("first");
    private final AtomicReference<String> targets = new AtomicReference<>("");
    private final AtomicReference<String> release = new AtomicReference<>("3.16.0");
    /** The scrape pools that have no target. */
    private final AtomicReference<String> idle = new AtomicReference<>("");
    /** The Alertmanagers that are discovered; one was dropped. */
    private final AtomicReference<String> alertmanagers = new AtomicReference<>("");

    private final AtomicInteger alertmanagersAsked = new AtomicInteger();

    private HttpServer prometheus;
    private PrometheusClient client;
    private TargetPoll poll;

    @BeforeEach
    void begin() throws IOException {
        prometheus = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        prometheus.createContext("/", this::answer);
        prometheus.start();
        client = new PrometheusClient(
                PrometheusEndpoint.of(
                        URI.create("http://127.0.0.1:" + prometheus.getAddress().getPort())),
                ClientLimits.DEFAULT);
        poll = new TargetPoll(
                before -> CompletableFuture.completedFuture(Optional.of(new Answering(process.get(), client))),
                now::get,
                OperatorSettings.OUTDATED,
                () -> {});
        poll.start();
        await().until(() -> poll.seen().isPresent());
        assertThat(asked).containsExactly(ALL);
        asked.clear();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String what = path.substring(path.lastIndexOf('/') + 1);
            boolean fails = false;
            if (what.equals("rules")) {
                rulesAsked.incrementAndGet();
                fails = failing.get();
            } else {
                if (what.equals("targets")) {
                    String query = String.valueOf(exchange.getRequestURI().getQuery());
                    int pool = query.indexOf("scrapePool=");
                    asked.add(pool < 0 ? ALL : query.substring(pool + "scrapePool=".length()));
                }
                answer.get().await();
            }
            String data = switch (what) {
                case "rules" ->
                    "\"groups\":[{\"name\":\"g\",\"file\":\"/etc/rules-1.yml\","
                            + "\"rules\":[{\"type\":\"recording\",\"name\":\"a\",\"health\":\"ok\"}]}]";
                case "buildinfo" -> "\"version\":\"%s\"".formatted(release.get());
                case "scrape_pools" -> {
                    fails = idle.get().isEmpty();
                    yield "\"scrapePools\":[%s]".formatted(idle.get());
                }
                case "alertmanagers" -> {
                    alertmanagersAsked.incrementAndGet();
                    yield "\"activeAlertmanagers\":[%s],\"droppedAlertmanagers\":[{}]".formatted(alertmanagers.get());
                }
                default -> "\"activeTargets\":[%s]".formatted(targets.get());
            };
            byte[] body =
                    "{\"status\":\"success\",\"data\":{%s}}".formatted(data).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(fails ? 503 : 200, body.length);
            exchange.getResponseBody().write(body);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @AfterEach
    void end() {
        poll.close();
        client.close();
        prometheus.stop(0);
    }

    private void soon(List<String> jobs) {
        poll.soon(jobs.stream().collect(Collectors.toMap(job -> job, job -> EACH_SECOND)));
    }

    /** Lets time pass, and has the poll look at its clock. */
    private void at(double seconds) {
        now.set(START.plusNanos((long) (seconds * 1e9)));
        soon(List.of());
    }

    private static List<String> jobs(int from, int to) {
        return IntStream.range(from, to).mapToObj(number -> "job-" + number).toList();
    }

    /** Waits until a job alone was asked for, and so all before that. */
    private void awaitLookAt(String job) {
        await().until(() -> asked.contains(job));
    }

    @Test
    void aFewAreLookedAtOneByOneSoon() {
        soon(jobs(0, 2));
        at(2.1);
        await().until(() -> asked.size() == 2);
        assertThat(asked).containsExactlyInAnyOrder("job-0", "job-1");
    }

    /** Nothing more is known of a job before its next scrape, and all are looked at each thirty seconds. */
    @Test
    void whatIsScrapedRarelyIsLookedAtRarely() {
        poll.soon(Map.of("hourly", Duration.ofHours(1), "minutely", Duration.ofMinutes(1)));
        at(2.1);
        await().until(() -> asked.containsAll(List.of("hourly", "minutely")));
        for (double second : new double[] {4.2, 10, 20}) {
            soon(List.of("second-" + second));
            at(second);
            awaitLookAt("second-" + second);
        }
        assertThat(looks("hourly")).isEqualTo(1);
        assertThat(looks("minutely")).isEqualTo(1);

        at(31);
        await().until(() -> asked.contains(ALL));
        at(35);
        await().until(() -> looks("hourly") == 2 && looks("minutely") == 2);
    }

    private int looks(String job) {
        return Collections.frequency(asked, job);
    }

    @Test
    void manyAreLookedAtTogetherWhenNoMoreFollow() {
        soon(jobs(0, 100));
        at(8);
        soon(jobs(100, 200));
        at(12);
        soon(List.of("single"));
        at(14.5);
        awaitLookAt("single");
        assertThat(asked).as("nothing before the last were given their time").containsExactly("single");

        at(18.5);
        await().until(() -> asked.contains(ALL));
        assertThat(asked).containsExactly("single", ALL);
    }

    @Test
    void whileManyFollowForEverAllAreLookedAtOnceAMinute() {
        for (int second = 0; second < 55; second += 5) {
            at(second);
            soon(jobs(second * 20, second * 20 + 20));
        }
        soon(List.of("single"));
        at(58);
        awaitLookAt("single");
        assertThat(asked).containsExactly("single");
        at(59.5);
        soon(jobs(2_000, 2_020));
        at(60.5);
        await().until(() -> asked.contains(ALL));
    }

    /** The server may have been asked before it had them. */
    @Test
    void rulesThatChangeWhileItLooksAreLookedAtOnceMore() {
        poll.rules(true, true);
        CountDownLatch late = new CountDownLatch(1);
        answer.set(late);
        at(31);
        await().until(() -> asked.contains(ALL));
        poll.rules(true, true);
        late.countDown();
        await().until(() -> rulesAsked.get() == 1 && !groups().isEmpty());

        at(34);

        await().until(() -> rulesAsked.get() == 2);
    }

    @Test
    void whatWasTrueOfRulesIsUnknownWhenTheyWerentToldForLong() {
        poll.rules(true, true);
        at(3);
        await().until(() -> groups().size() == 1);
        failing.set(true);
        Instant end = START.plusSeconds(3).plus(OperatorSettings.OUTDATED).plusSeconds(1);
        for (int seconds = 31; now.get().isBefore(end); seconds += 30) {
            int before = rulesAsked.get();
            at(seconds);
            await().until(() -> rulesAsked.get() > before);
        }

        await().until(() -> groups().isEmpty());
        assertThat(poll.seen()).as("its targets are told").isPresent();
        failing.set(false);
        int before = rulesAsked.get();
        now.set(now.get().plusSeconds(31));
        poll.soon(Map.of());
        await().until(() -> rulesAsked.get() > before && groups().size() == 1);
    }

    private Map<TargetPoll.GroupKey, RuleCounts> groups() {
        return poll.seen().orElseThrow().rules();
    }

    private static String target(String job, String health) {
        return "{\"scrapePool\":\"%s\",\"scrapeUrl\":\"http://10.0.0.1/\",\"health\":\"%s\"}".formatted(job, health);
    }

    private Optional<JobCounts> counts(String job) {
        return poll.seen().orElseThrow().jobs().get(job);
    }

    /** Has all looked at, at that second. */
    private void lookAt(double seconds) {
        asked.clear();
        at(seconds);
        await().until(() -> asked.contains(ALL));
    }

    /** It is ready before its discovery has told it of targets, and scrapes them over an interval. */
    @Test
    void aProcessThatJustStartedIsNotTakenAtItsWordThatThereIsNoTarget() {
        targets.set(target("job-0", "up") + "," + target("job-1", "up"));
        lookAt(30);
        await().until(() -> counts("job-0").isPresent());
        process.set("second");
        targets.set(target("job-1", "unknown"));

        lookAt(60);
        soon(List.of("single"));
        at(62.5);
        awaitLookAt("single");

        assertThat(counts("job-0")).as("not discovered yet").contains(new JobCounts(1, 1, 0, Optional.empty()));
        assertThat(counts("job-1")).as("not scraped yet").contains(new JobCounts(1, 1, 0, Optional.empty()));
        assertThat(poll.isAwaited("single")).as("new, and not discovered yet").isTrue();

        lookAt(70.5);
        await().until(() -> counts("job-0").isEmpty());
        assertThat(counts("job-1")).contains(new JobCounts(1, 1, 0, Optional.empty()));
        lookAt(121);
        await().until(() -> counts("job-1").equals(Optional.of(new JobCounts(1, 0, 1, Optional.empty()))));
    }

    @Test
    void aJobWithoutAScrapePoolSaysThatOnceItWouldHaveOne() {
        lookAt(31);
        idle.set("\"idle\"");
        soon(List.of("idle", "unmade"));
        at(33.5);
        await().until(() -> counts("unmade").equals(Optional.of(JobCounts.NONE)));

        at(62);
        await().until(() -> counts("unmade").equals(Optional.of(JobCounts.WITHOUT_POOL)));
        assertThat(counts("idle")).contains(JobCounts.NONE);

        lookAt(100);
        await().until(() -> poll.seen().orElseThrow().idle().isPresent());
        assertThat(poll.seen().orElseThrow().of("unmade")).isEqualTo(JobCounts.WITHOUT_POOL);
        assertThat(poll.seen().orElseThrow().of("idle")).isEqualTo(JobCounts.NONE);
    }

    /** The operator may have been started anew since the job changed. */
    @Test
    void aJobWithoutAScrapePoolIsKnownWithoutAChange() {
        idle.set("\"idle\"");
        lookAt(31);
        await().until(() -> poll.seen().orElseThrow().idle().isPresent());
        assertThat(poll.seen().orElseThrow().of("unmade")).isEqualTo(JobCounts.WITHOUT_POOL);
        assertThat(poll.seen().orElseThrow().of("idle")).isEqualTo(JobCounts.NONE);
    }

    /** Up to 2.55 a job for which nothing was discovered yet has none. */
    @Test
    void ofAnOlderReleaseAMissingScrapePoolTellsNothing() {
        release.set("2.55.1");
        idle.set("\"idle\"");
        lookAt(31);
        lookAt(61);
        assertThat(poll.seen().orElseThrow().of("unmade")).isEqualTo(JobCounts.NONE);
    }

    @Test
    void whereTheScrapePoolsAreNotToldAJobHasJustNoTarget() {
        soon(List.of("unmade"));
        at(11);
        awaitLookAt("unmade");
        lookAt(31);
        assertThat(poll.seen().orElseThrow().of("unmade")).isEqualTo(JobCounts.NONE);
    }

    private Optional<AlertmanagerCounts> discovered() {
        return poll.seen().orElseThrow().alertmanagers();
    }

    @Test
    void alertmanagersAreAskedForWithAllTargetsAndWhereSomeAreDeclared() {
        alertmanagers.set("{}, {}");
        lookAt(31);
        soon(List.of("single"));
        at(34);
        awaitLookAt("single");
        assertThat(alertmanagersAsked).hasValue(0);

        poll.alertmanagers(true);
        soon(List.of("other"));
        at(37);
        awaitLookAt("other");
        assertThat(alertmanagersAsked).as("not with the targets of one job").hasValue(0);

        lookAt(62);
        await().until(() -> discovered().equals(Optional.of(new AlertmanagerCounts(2, 1))));
        assertThat(alertmanagersAsked).hasValue(1);

        poll.alertmanagers(false);
        lookAt(93);
        await().until(() -> discovered().isEmpty());
        assertThat(alertmanagersAsked).hasValue(1);
    }

    /** Prometheus tells of what it discovers some seconds after a start or a load, and says that there is none until then. */
    @Test
    void thatNoAlertmanagerIsDiscoveredIsBelievedWhenItIsSeenAgain() {
        poll.alertmanagers(true);
        alertmanagers.set("{}");
        lookAt(31);
        await().until(() -> discovered().equals(Optional.of(new AlertmanagerCounts(1, 1))));

        alertmanagers.set("");
        notBelieved(62);
        alertmanagers.set("{}");
        lookAt(72.5);
        await().until(() -> alertmanagersAsked.get() == 3);
        alertmanagers.set("");
        notBelieved(103);

        lookAt(113.5);
        await().until(() -> discovered().equals(Optional.of(new AlertmanagerCounts(0, 1))));
    }

    /** Has all looked at; waits until what was seen then would be known. */
    private void notBelieved(double seconds) {
        lookAt(seconds);
        String job = "after-" + seconds;
        soon(List.of(job));
        at(seconds + 2.5);
        awaitLookAt(job);
        assertThat(discovered()).contains(new AlertmanagerCounts(1, 1));
    }

    @Test
    void oneThatFindsNoTargetIsLookedAtThoughManyOthersFollowForEver() {
        soon(List.of("single"));
        for (int second = 1; second < 60; second += 5) {
            at(second);
            soon(jobs(second * 20, second * 20 + 20));
        }
        assertThat(poll.isAwaited("single")).isTrue();
        soon(jobs(2_000, 2_020));
        lookAt(60.5);
        await().until(() -> counts("single").equals(Optional.of(JobCounts.NONE)));
        assertThat(poll.isAwaited("single")).isFalse();
    }

    @Test
    void aBugInOneLookEndsNoOther() {
        AtomicInteger looks = new AtomicInteger();
        try (TargetPoll other = new TargetPoll(
                before -> {
                    if (looks.incrementAndGet() == 1) {
                        throw new IllegalStateException("a bug");
                    }
                    return CompletableFuture.completedFuture(Optional.empty());
                },
                InstantSource.system(),
                OperatorSettings.OUTDATED,
                () -> {})) {
            other.start();
            await().until(() -> looks.get() >= 1);
            other.soon(Map.of("monitor/shop/web/metrics", EACH_SECOND));
            await().until(() -> looks.get() >= 2);
        }
    }
}

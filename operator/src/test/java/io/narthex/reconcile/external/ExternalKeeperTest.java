package io.narthex.reconcile.external;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.narthex.api.v1alpha1.PrometheusServerSpec;
import io.narthex.compiler.Compiler;
import io.narthex.compiler.model.Bundle;
import io.narthex.compiler.model.Declared;
import io.narthex.compiler.model.Inventory;
import io.narthex.compiler.model.Platform;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.compiler.model.SecretValue;
import io.narthex.compiler.model.SourceMap;
import io.narthex.compiler.swarm.SwarmState;
import io.narthex.prometheus.PrometheusEndpoint;
import io.narthex.rollout.Culprit;
import io.narthex.rollout.Refusal;
import io.narthex.rollout.Status;
import io.narthex.testbed.LoggedWarnings;
import io.narthex.testbed.Specs;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What stands in a keeper's way is logged once, however often it is met; {@code ExternalKeeperIT} has what it does. */
class ExternalKeeperTest {

    private static final ResourceKey MAIN = new ResourceKey("PrometheusServer", "default", "main");

    private final LoggedWarnings warnings = LoggedWarnings.of(ExternalKeeper.class);
    private final AtomicInteger asked = new AtomicInteger();
    private volatile String away = "Docker doesn't answer";

    /** Where Docker makes no token. */
    private final class Away implements Surroundings {
        @Override
        public Platform platform() {
            return Platform.SWARM;
        }

        @Override
        public Inventory inventory() {
            return Inventory.EMPTY.with(new Declared<>(
                    MAIN,
                    Map.of(),
                    Map.of(),
                    Specs.read("{mode: External, external: {url: 'http://127.0.0.1:1'}}", PrometheusServerSpec.class),
                    SourceMap.NONE));
        }

        @Override
        public Optional<SwarmState> state(PrometheusServerSpec spec) {
            return Optional.empty();
        }

        @Override
        public Optional<String> url() {
            return Optional.of("http://127.0.0.1:1");
        }

        @Override
        public SecretValue token() throws Unavailable {
            asked.incrementAndGet();
            throw new Unavailable(away);
        }

        @Override
        public boolean accepts(String token) {
            return false;
        }

        @Override
        public SortedMap<String, String> secrets() {
            return new TreeMap<>();
        }

        @Override
        public Optional<String> obstacle(PrometheusServerSpec spec) {
            return Optional.empty();
        }
    }

    /** Nothing comes so far. */
    private static final class Nowhere implements Handover {
        @Override
        public boolean isByHand() {
            return true;
        }

        @Override
        public boolean isFirst() {
            return false;
        }

        @Override
        public void offer(Bundle bundle, PrometheusEndpoint endpoint, Function<Refusal, List<Culprit>> suspects) {
            throw new AssertionError("nothing is compiled without a token");
        }

        @Override
        public Status look() {
            throw new AssertionError("nothing is compiled without a token");
        }

        @Override
        public void close() {}
    }

    @AfterEach
    void end() {
        warnings.close();
    }

    @Test
    void anObstacleIsLoggedOnceAndAnotherOneAnew() throws InterruptedException {
        try (ExternalKeeper keeper =
                new ExternalKeeper(MAIN, new Away(), new Nowhere(), Compiler.create(), InstantSource.system())) {
            keeper.start();
            for (int round = 1; round <= 3; round++) {
                int before = round;
                await().until(() -> asked.get() >= before);
                keeper.wake();
            }
            await().until(() -> asked.get() >= 4);
            assertThat(warnings.texts())
                    .containsExactly("PrometheusServer default/main: Docker doesn't answer; trying again");

            away = "the Swarm has no leader";
            keeper.wake();
            await().until(() -> warnings.texts().size() == 2);
            assertThat(warnings.texts().get(1))
                    .isEqualTo("PrometheusServer default/main: the Swarm has no leader; trying again");
            assertThat(keeper.state(false).obstacle()).hasValue("the Swarm has no leader");
        }
    }
}

package io.narthex.rollout.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.narthex.rollout.Action;
import io.narthex.rollout.Delivery;
import io.narthex.rollout.Pace;
import io.narthex.rollout.Reason;
import io.narthex.rollout.RolloutEngine;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The engine keeps its promises in ten thousand schedules of faults. A failure prints its seed; {@code
 * -Dnarthex.simulation.seed=N} runs that one alone, {@code -Dnarthex.simulation.schedules=N} another number.
 */
class RolloutSimulationTest {

    private static final long SCHEDULES = Long.getLong("narthex.simulation.schedules", 10_000);
    private static final RolloutEngine ENGINE = RolloutEngine.withPace(Pace.REMOTE);

    @ParameterizedTest
    @EnumSource
    void keepsItsPromisesWhateverGoesWrong(Delivery delivery) {
        Long one = Long.getLong("narthex.simulation.seed");
        if (one != null) {
            Simulation.run(one, engine(delivery), delivery);
            return;
        }
        LongAdder decisions = new LongAdder();
        Set<Reason> reasons = ConcurrentHashMap.newKeySet();
        Set<Class<? extends Action>> actions = ConcurrentHashMap.newKeySet();
        long begun = System.nanoTime();
        LongStream.range(0, SCHEDULES).parallel().forEach(seed -> {
            Simulation.Course course = Simulation.run(seed, engine(delivery), delivery);
            decisions.add(course.decisions());
            reasons.addAll(course.reasons());
            actions.addAll(course.actions());
        });
        System.out.printf(
                "%d schedules, %d decisions, %.1f s%n", SCHEDULES, decisions.sum(), (System.nanoTime() - begun) / 1e9);

        // What never happened was never tried.
        Set<Reason> expected = EnumSet.allOf(Reason.class);
        expected.removeAll(Set.of(Reason.NOTHING_DESIRED, Reason.LAST_GOOD_REFUSED));
        int never = 0;
        if (delivery == Delivery.AT_START) {
            // Nothing is reloaded or awaited.
            expected.removeAll(Set.of(Reason.RELOADING, Reason.RELOAD_UNCLEAR, Reason.ARRIVING));
            never = 2;
        }
        assertThat(reasons).containsAll(expected);
        assertThat(actions).hasSize(Action.class.getPermittedSubclasses().length - never);
    }

    /** Those whose fault there is where files arrive at a start alone. */
    @ParameterizedTest
    @EnumSource(
            names = {
                "SKIPS_THE_STATIC_CHECK",
                "IGNORES_REFUSALS",
                "FORGETS_REFUSALS",
                "DELETES_SAMPLES",
                "RESTARTS_ALL_AT_ONCE",
                "NEVER_RESTARTS",
                "OVERLOOKS_THE_UNREACHABLE",
                "TAKES_FILES_FOR_ARRIVED",
                "SPINS"
            })
    void findsTheFaultAtStartOf(Mutant mutant) {
        RolloutEngine engine = mutant.of(engine(Delivery.AT_START));
        assertThatThrownBy(() -> LongStream.range(0, SCHEDULES)
                        .parallel()
                        .forEach(seed -> Simulation.run(seed, engine, Delivery.AT_START)))
                .isInstanceOf(Violation.class)
                .hasMessageMatching("(?s)seed \\d+: .+");
    }

    private static RolloutEngine engine(Delivery delivery) {
        return RolloutEngine.withPace(Pace.REMOTE, delivery);
    }

    @ParameterizedTest
    @EnumSource
    void findsTheFaultOf(Mutant mutant) {
        RolloutEngine engine = mutant.of(ENGINE);
        assertThatThrownBy(() -> LongStream.range(0, SCHEDULES)
                        .parallel()
                        .forEach(seed -> Simulation.run(seed, engine, Delivery.WHILE_RUNNING)))
                .isInstanceOf(Violation.class)
                .hasMessageMatching("(?s)seed \\d+: .+");
    }

    @Test
    void runsTheSameScheduleAgain() {
        RolloutEngine engine = Mutant.IGNORES_REFUSALS.of(ENGINE);
        long seed = LongStream.range(0, SCHEDULES)
                .filter(candidate -> failure(engine, candidate).isPresent())
                .findFirst()
                .orElseThrow();
        assertThat(failure(engine, seed)).isEqualTo(failure(engine, seed)).isPresent();
    }

    private static Optional<String> failure(RolloutEngine engine, long seed) {
        try {
            Simulation.run(seed, engine, Delivery.WHILE_RUNNING);
            return Optional.empty();
        } catch (Violation violation) {
            return Optional.ofNullable(violation.getMessage());
        }
    }
}

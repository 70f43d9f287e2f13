package io.narthex.process;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Random;

/**
 * A narthex in a JVM of its own, for tests that kill it: opens the state folder, starts Prometheus, prints its process
 * ID, and waits. Prints the diagnostic where it can't.
 */
final class SupervisorMain {

    private SupervisorMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        Outcome<StateFolder> opened = StateFolder.open(Path.of(arguments[0]));
        switch (opened) {
            case Outcome.Failed<StateFolder>(var problem) ->
                System.out.println(problem.code().id() + " " + problem.message());
            case Outcome.Done<StateFolder>(StateFolder state) -> {
                Supervisor supervisor = new Supervisor(
                        state, System.getenv(), RestartPace.DEFAULT, new Random(1), InstantSource.system());
                supervisor.start(TestPrometheus.launch(Path.of(arguments[1]), state, Integer.parseInt(arguments[2])));
                System.out.println("pid " + supervisor.observe().pid().orElseThrow());
                Thread.sleep(Duration.ofMinutes(10));
            }
        }
    }
}

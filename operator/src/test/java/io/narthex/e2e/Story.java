package io.narthex.e2e;

import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.opentest4j.TestAbortedException;

/**
 * Tests that build on each other: after the first that fails the others are skipped, and what the cluster looks like then
 * is printed once.
 */
final class Story implements BeforeTestExecutionCallback, AfterTestExecutionCallback {

    private final Runnable look;
    private Optional<String> obstacle = Optional.empty();

    /**
     * Makes a story.
     *
     * @param look prints what may explain a failure
     */
    Story(Runnable look) {
        this.look = look;
    }

    /** Says that none of it can be told here, and why; each test is skipped with that reason. */
    void cannotBegin(String reason) {
        obstacle = Optional.of(reason);
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        obstacle.ifPresent(Assumptions::abort);
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        if (obstacle.isEmpty()
                && context.getExecutionException().filter(Story::isFailure).isPresent()) {
            obstacle = Optional.of("it builds on " + context.getDisplayName() + ", which failed");
            look.run();
        }
    }

    private static boolean isFailure(Throwable end) {
        return !(end instanceof TestAbortedException);
    }
}

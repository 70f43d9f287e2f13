package io.narthex.e2e;

import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Tests that build on each other: after the first that fails the others are skipped, and what the cluster looks like then
 * is printed once.
 */
final class Story implements BeforeTestExecutionCallback, AfterTestExecutionCallback {

    private final Runnable look;
    private Optional<String> failed = Optional.empty();

    /**
     * Makes a story.
     *
     * @param look prints what may explain a failure
     */
    Story(Runnable look) {
        this.look = look;
    }

    @Override
    public void beforeTestExecution(ExtensionContext context) {
        failed.ifPresent(name -> Assumptions.abort("it builds on " + name + ", which failed"));
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        if (context.getExecutionException().isPresent() && failed.isEmpty()) {
            failed = Optional.of(context.getDisplayName());
            look.run();
        }
    }
}

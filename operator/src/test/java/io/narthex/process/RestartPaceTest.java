package io.narthex.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** How long the next start is waited for. */
class RestartPaceTest {

    @Test
    void waitsLongerAfterEachFailureUpToTheLimit() {
        RestartPace pace = RestartPace.DEFAULT;
        Random random = new Random(7);
        for (int failures = 1; failures < 200; failures++) {
            double expected = Math.min(60, Math.pow(2, failures - 1));
            assertThat(pace.after(failures, random).toMillis() / 1000.0).isBetween(expected * 0.79, expected * 1.21);
        }
    }
}

package io.narthex.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals reach a process either way. */
class SignalsTest {

    /** Not the one that is ignored by all that runs below {@code nohup}. */
    private static final int TERMINATE = 15;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sendsSignalsByLibraryAndByProgram(boolean nativeAccess) throws Exception {
        Process sleeping = new ProcessBuilder("/bin/sleep", "60").start();
        try {
            assertThat(new Signals(nativeAccess).send(sleeping.pid(), TERMINATE))
                    .isTrue();
            assertThat(sleeping.waitFor()).isEqualTo(128 + TERMINATE);
            assertThat(new Signals(nativeAccess).send(sleeping.pid(), TERMINATE))
                    .isFalse();
        } finally {
            sleeping.destroyForcibly();
        }
    }
}

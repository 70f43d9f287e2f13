package io.narthex.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals reach a process either way. */
class SignalsTest {

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void sendsSignalsByLibraryAndByProgram(boolean nativeAccess) throws Exception {
        Process sleeping = new ProcessBuilder("/bin/sleep", "60").start();
        try {
            assertThat(new Signals(nativeAccess).send(sleeping.pid(), Signals.HANGUP))
                    .isTrue();
            assertThat(sleeping.waitFor()).isEqualTo(128 + Signals.HANGUP);
            assertThat(new Signals(nativeAccess).send(sleeping.pid(), Signals.HANGUP))
                    .isFalse();
        } finally {
            sleeping.destroyForcibly();
        }
    }
}

package io.narthex.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;
import org.testcontainers.lifecycle.Startable;

/** Where K3s can't be had, the story is skipped, and says why. */
class K3sClusterTest {

    private static final String IMAGE = "rancher/k3s:none";

    @TempDir
    Path folder;

    /** Returns a client of Docker that does this. */
    private String docker(String script) throws IOException {
        Path file = Files.writeString(folder.resolve("docker"), "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file.toString();
    }

    private void assertSkipped(String docker, String reason) {
        assertThatThrownBy(() -> K3sCluster.need(docker, IMAGE))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void withoutDocker() throws IOException {
        assertSkipped(folder.resolve("none").toString(), "no Docker answers, in which K3s would run: ");
        assertSkipped(
                docker("echo no such socket; exit 1"), "no Docker answers, in which K3s would run: no such socket");
    }

    @Test
    void withoutItsImage() throws IOException {
        assertSkipped(
                docker("[ \"$1\" = version ] || { echo \"$1 refused\"; exit 1; }"),
                "the image " + IMAGE + " can't be had: pull refused");
    }

    @Test
    void withoutPrivilegedContainers() {
        AtomicInteger stopped = new AtomicInteger();
        Startable refused = new Startable() {
            @Override
            public void start() {
                throw new IllegalStateException("it can't be started", new IOException("privileged mode is disabled"));
            }

            @Override
            public void stop() {
                stopped.incrementAndGet();
            }
        };
        assertThatThrownBy(() -> K3sCluster.start(refused))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("K3s doesn't start")
                .hasMessageContaining("privileged mode is disabled");
        assertThat(stopped).hasValue(1);
    }

    @Test
    void whereAllIsThereItGoesOn() throws Exception {
        K3sCluster.need(docker("exit 0"), IMAGE);
    }
}

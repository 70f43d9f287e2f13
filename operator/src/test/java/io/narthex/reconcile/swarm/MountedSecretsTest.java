package io.narthex.reconcile.swarm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.narthex.docker.ImageName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Docker secrets that are mounted into the operator's service. */
class MountedSecretsTest {

    private static final Optional<String> SERVICE = Optional.of("narthex_operator");

    @TempDir
    private Path folder;

    @Test
    void readsTheLoginsOfRegistries() throws Exception {
        Files.writeString(folder.resolve("logins-1"), "{\"auths\": {\"r.example.com\": {\"auth\": \"c2hvcDpwYXNz\"}}}");
        assertThat(new MountedSecrets(folder)
                        .logins("logins-1", SERVICE)
                        .header(new ImageName("r.example.com/prometheus")))
                .isPresent();
    }

    @Test
    void oneThatIsNotMountedIsNamedWithTheCommandThatMountsIt() {
        assertThatThrownBy(() -> new MountedSecrets(folder).logins("logins-1", SERVICE))
                .isInstanceOf(MountedSecrets.Unusable.class)
                .hasMessageContaining("the Docker secret logins-1, which swarm.imageRegistryAuth names")
                .hasMessageContaining("docker service update --secret-add logins-1 narthex_operator");
    }

    @Test
    void oneOfAnotherKindIsNamedWithoutQuotingIt() throws Exception {
        Files.writeString(folder.resolve("logins-1"), "hunter2");
        assertThatThrownBy(() -> new MountedSecrets(folder).logins("logins-1", SERVICE))
                .isInstanceOf(MountedSecrets.Unusable.class)
                .hasMessageContaining("logins-1")
                .hasMessageContaining("isn't JSON")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"../secret", "..", ".", "below/secret", "/etc/passwd"})
    void leavesItsFolderByNoName(String name) throws Exception {
        Path own = Files.createDirectories(folder.resolve("own/below"));
        Files.writeString(own.resolve("secret"), "x");
        Files.writeString(folder.resolve("secret"), "x");
        assertThatThrownBy(() -> new MountedSecrets(folder.resolve("own")).read(name, "web.tls.cert", SERVICE))
                .isInstanceOf(MountedSecrets.Unusable.class)
                .hasMessageContaining("isn't mounted");
    }
}

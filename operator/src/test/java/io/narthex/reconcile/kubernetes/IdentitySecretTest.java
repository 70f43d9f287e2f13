package io.narthex.reconcile.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.access.Identity;
import io.narthex.compiler.model.ResourceKey;
import io.narthex.rollout.kubernetes.DeploymentFactory;
import io.narthex.rollout.kubernetes.ObjectNames;
import io.narthex.testbed.StubApiServer;
import io.narthex.testbed.StubApiServer.Answer;
import io.narthex.testbed.StubApiServer.Request;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A Secret that the API server can't give out, such as one that it can't decrypt, isn't one that isn't there. */
class IdentitySecretTest {

    private static final Answer UNDECRYPTED = Answer.refusal(500, "{}");

    private Instant now = Instant.parse("2026-11-26T12:00:00Z");
    private StubApiServer apiServer;
    private IdentitySecret identity;

    @BeforeEach
    void begin() throws IOException {
        apiServer = new StubApiServer(request -> UNDECRYPTED);
        identity = another();
    }

    private IdentitySecret another() {
        return new IdentitySecret(
                apiServer.client(),
                ObjectNames.of(new ResourceKey("PrometheusServer", "shop", "main")),
                DeploymentFactory.owner("main", "uid"),
                InstantSource.system(),
                () -> now);
    }

    @AfterEach
    void end() {
        apiServer.close();
    }

    private static Answer empty(Request request) {
        return request.method().equals("GET") ? Answer.refusal(404, "{}") : new Answer(200, request.body());
    }

    @Test
    void whatCanNotBeReadIsNamedAndAskedForWhenItIsTimeOnly() {
        assertThat(identity.find()).isEmpty();
        assertThat(identity.provide()).isFalse();
        assertThat(identity.find()).isEmpty();
        assertThat(identity.obstacle())
                .hasValue("Secret prometheus-main-operator can't be read: the API server refuses (500): told to");
        assertThat(apiServer.asked()).hasSize(1);

        identity.lookAgain();
        assertThat(apiServer.asked()).hasSize(2);
        assertThat(identity.obstacle()).isPresent();
    }

    /** Another one would be news to Prometheus, so none is made for a moment's trouble. */
    @Test
    void whatCanBeReadAgainIsWhatItWas() {
        apiServer.answer(IdentitySecretTest::empty);
        IdentitySecret before = another();
        assertThat(before.provide()).isTrue();
        before.keep();
        String kept = apiServer.asked().getLast().body();
        apiServer.answer(request -> UNDECRYPTED);
        assertThat(identity.provide()).isFalse();

        apiServer.answer(request -> new Answer(200, kept));
        identity.lookAgain();
        assertThat(identity.obstacle()).isEmpty();
        assertThat(identity.provide()).isFalse();
        assertThat(identity.find().map(Identity::known)).isEqualTo(before.find().map(Identity::known));
    }

    @Test
    void whatNobodyCanReadForLongIsMadeAnewAndKeptOnceThatCanBe() {
        identity.provide();
        now = now.plus(Duration.ofSeconds(59));
        assertThat(identity.provide()).isFalse();
        now = now.plus(Duration.ofSeconds(1));
        assertThat(identity.provide()).isTrue();
        assertThat(identity.find()).isPresent();

        identity.keep();
        assertThat(identity.obstacle())
                .hasValue("Secret prometheus-main-operator: the API server refuses (500): told to");
        apiServer.answer(IdentitySecretTest::empty);
        identity.keep();
        assertThat(identity.obstacle()).isEmpty();
        assertThat(apiServer.asked().getLast().method()).isEqualTo("PATCH");
        int before = apiServer.asked().size();
        identity.keep();
        assertThat(apiServer.asked()).hasSize(before);
    }

    @Test
    void oneThatIsNotThereIsMadeAtOnce() {
        apiServer.answer(IdentitySecretTest::empty);
        assertThat(identity.provide()).isTrue();
        assertThat(identity.find()).isPresent();
    }

    @Test
    void oneThatIsDamagedIsMadeAnewAtOnce() {
        apiServer.answer(
                request -> request.method().equals("GET") ? new Answer(200, """
                        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "prometheus-main-operator",
                         "namespace": "shop"}, "data": {"operator.json": "!"}}""") : new Answer(200, request.body()));
        assertThat(identity.provide()).isTrue();
        assertThat(identity.find()).isPresent();
    }
}

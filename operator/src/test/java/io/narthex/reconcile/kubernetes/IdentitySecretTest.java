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
                         "namespace": "shop", "ownerReferences": [{"uid": "uid"}]}, "data": {"operator.json": "!"}}""") : new Answer(200, request.body()));
        assertThat(identity.provide()).isTrue();
        assertThat(identity.find()).isPresent();
    }

    private static String replaced(String text, String what, String by) {
        assertThat(text).contains(what);
        return text.replace(what, by);
    }

    /** Returns the Secret of a user that somebody knows. */
    private String forged() {
        apiServer.answer(IdentitySecretTest::empty);
        identity.provide();
        identity.keep();
        return apiServer.asked().getLast().body();
    }

    /** Whoever may make Secrets beside a server, and no more, could be let in by it as Narthex. */
    @Test
    void oneOfSomebodyElseIsNotUsedAndNamed() {
        String theirs = replaced(forged(), "\"uid\":\"uid\"", "\"uid\":\"another\"");
        apiServer.answer(request -> new Answer(200, theirs));
        int before = apiServer.asked().size();

        IdentitySecret ours = another();
        assertThat(ours.find()).isEmpty();
        assertThat(ours.provide()).isTrue();
        assertThat(ours.find().map(Identity::known))
                .isNotEqualTo(identity.find().map(Identity::known))
                .isPresent();
        ours.keep();
        assertThat(ours.obstacle())
                .hasValueSatisfying(words -> assertThat(words)
                        .startsWith("Secret shop/prometheus-main-operator exists and isn't this server's"));
        assertThat(apiServer.asked().subList(before, apiServer.asked().size()))
                .allMatch(request -> request.method().equals("GET"));
    }

    /** Labels make an orphan, and anybody may write those. */
    @Test
    void anOrphanIsTakenOverAndWrittenAnew() {
        String orphan = forged().replaceFirst(",\"ownerReferences\":\\[[^]]*]", "");
        assertThat(orphan).doesNotContain("ownerReferences").contains(ObjectNames.INSTANCE);
        apiServer.answer(request -> new Answer(200, request.method().equals("GET") ? orphan : request.body()));

        IdentitySecret ours = another();
        assertThat(ours.provide()).isTrue();
        assertThat(ours.find().map(Identity::known))
                .isNotEqualTo(identity.find().map(Identity::known))
                .isPresent();
        ours.keep();
        assertThat(ours.obstacle()).isEmpty();
        assertThat(apiServer.asked().getLast().method()).isEqualTo("PATCH");
        assertThat(apiServer.asked().getLast().body()).contains("\"uid\":\"uid\"");
    }
}

package io.narthex.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.compiler.model.Retention;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is kept of a release is what there was. */
class ReleaseJsonTest {

    private static final Retention NONE =
            new Retention(Optional.empty(), OptionalLong.empty(), OptionalDouble.empty(), false);
    private static final Retention ALL = new Retention(
            Optional.of(Duration.ofHours(300)), OptionalLong.of(8L << 30), OptionalDouble.of(62.5), false);

    private static Release release(Retention retention) {
        return new Release(
                "7f3a",
                "/etc/narthex/generation-7f3a-*.none",
                "index-digest",
                new TreeMap<>(Map.of("jobs/a.yml", "1", "jobs/\"b\".yml", "2")),
                new TreeMap<>(Map.of("rules/r.yml", "3")),
                new TreeMap<>(Map.of("credentials/c", "4")),
                "restart",
                "start",
                retention);
    }

    @Test
    void aReleaseComesBackAsItWas() throws IOException {
        for (Retention retention : new Retention[] {NONE, ALL}) {
            Release release = release(retention);

            assertThat(ReleaseJson.release(ReleaseJson.read(ReleaseJson.bytes(ReleaseJson.of(release)))))
                    .isEqualTo(release);
        }
    }

    /** What a driver adds doesn't disturb. */
    @Test
    void fieldsOfOthersAreIgnored() {
        assertThat(ReleaseJson.release(ReleaseJson.of(release(ALL)).put("template", "{}")))
                .isEqualTo(release(ALL));
    }

    /** Earlier versions of Narthex kept none; a guess would have a running Prometheus load what it may not understand. */
    @Test
    void aReleaseWithoutAStartKeyHasThatOfNoOther() {
        ObjectNode kept = ReleaseJson.of(release(ALL));
        kept.remove("startKey");

        assertThat(ReleaseJson.release(kept).startKey()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"generation", "marker", "index", "parts", "replaced", "credentials", "restartKey"})
    void aReleaseThatLacksAFieldIsNone(String field) {
        ObjectNode kept = ReleaseJson.of(release(ALL));
        kept.remove(field);

        assertThatThrownBy(() -> ReleaseJson.release(kept)).isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @EnumSource
    void aRefusalComesBackAsItWas(Reason reason) throws IOException {
        Refusal refusal = new Refusal("7f3a+restart+00", reason, "line 3: \"x\"\nfailed");

        assertThat(ReleaseJson.refusal(ReleaseJson.read(ReleaseJson.bytes(ReleaseJson.of(refusal)))))
                .isEqualTo(refusal);
    }

    /** Another release of Narthex may know other reasons. */
    @Test
    void aRefusalForAnUnknownReasonIsNone() {
        ObjectNode kept = ReleaseJson.of(new Refusal("7f3a", Reason.CONFIG_REFUSED, ""));
        kept.put("reason", "TOO_BIG");

        assertThatThrownBy(() -> ReleaseJson.refusal(kept)).isInstanceOf(IllegalArgumentException.class);
    }
}

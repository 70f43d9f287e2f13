package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.ResourceKey;
import org.junit.jupiter.api.Test;

/** Names that every object and label may have. */
class ObjectNamesTest {

    private static ObjectNames names(String server) {
        return ObjectNames.of(new ResourceKey("PrometheusServer", "shop", server));
    }

    @Test
    void aServersNameShowsInItsObjects() {
        assertThat(names("main").statefulSet()).isEqualTo("prometheus-main");
        assertThat(names("main").pod(1)).isEqualTo("prometheus-main-1");
        assertThat(names("main").secret(SecretKind.PART, 7)).isEqualTo("prometheus-main-part-07");
    }

    @Test
    void aLongNameIsShortenedAndStaysDistinct() {
        String one = names("a".repeat(252) + "1").base();
        String two = names("a".repeat(252) + "2").base();
        assertThat(one).hasSizeLessThanOrEqualTo(52).isNotEqualTo(two);
    }

    @Test
    void aNameWithDotsIsADnsLabelAndStaysDistinct() {
        assertThat(names("a.b").base())
                .matches("[a-z0-9-]+")
                .isNotEqualTo(names("a-b").base());
    }

    @Test
    void whatStandsElsewhereIsNamedAfterOneServerOnly() {
        ObjectNames one = ObjectNames.of(new ResourceKey("PrometheusServer", "a", "b-prometheus-c"));
        ObjectNames two = ObjectNames.of(new ResourceKey("PrometheusServer", "a-prometheus-b", "c"));
        assertThat(one.elsewhere()).isNotEqualTo(two.elsewhere());
    }
}

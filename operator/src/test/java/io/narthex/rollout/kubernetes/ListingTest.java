package io.narthex.rollout.kubernetes;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A listing is read as it was written, and nothing else is taken for one. */
class ListingTest {

    @Test
    void isReadAsItWasWritten() {
        TreeMap<String, Listing.Entry> files = new TreeMap<>();
        files.put("jobs-07-0123456789abcdef.yml", new Listing.Entry("digest", "sha", 12, "stamp"));
        Listing listing = new Listing("version", files);
        assertThat(Listing.parse(listing.toBytes())).isEqualTo(listing);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{}", "{\"version\":\"a\",\"files\":{\"x\":[1]}}", "<html>"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Listing.parse(text.getBytes(UTF_8))).isInstanceOf(IllegalArgumentException.class);
    }
}

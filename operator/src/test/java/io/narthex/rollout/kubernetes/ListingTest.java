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

    @Test
    void whatPodsShowIsReadAsItWasWrittenAndTellsNothingOfContents() {
        TreeMap<String, Listing.Entry> files = new TreeMap<>();
        files.put("credential.shop.web.password", new Listing.Entry("5e884898da28", "ab6229d6c1cb", 71236, "stamp"));
        Arrival arrival = Arrival.of(new Listing("version", files));
        assertThat(Arrival.parse(arrival.toBytes())).isEqualTo(arrival);
        assertThat(arrival.stamps()).containsEntry("credential.shop.web.password", "stamp");
        assertThat(new String(arrival.toBytes(), UTF_8)).doesNotContain("5e884898da28", "ab6229d6c1cb", "71236");
    }

    @Test
    void aListingIsNoArrival() {
        TreeMap<String, Listing.Entry> files = new TreeMap<>();
        files.put("web.yml", new Listing.Entry("digest", "sha", 12, "stamp"));
        byte[] listing = new Listing("version", files).toBytes();
        assertThatThrownBy(() -> Arrival.parse(listing)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void roomIsTakenByWhatIsWrittenOfAFileToo() {
        String path = "credential." + "a".repeat(200);
        TreeMap<String, Listing.Entry> files = new TreeMap<>();
        for (int i = 0; i < 1000; i++) {
            files.put(path + i, new Listing.Entry("d".repeat(64), "s".repeat(64), 40, "0123456789abcdef"));
        }
        Listing listing = new Listing("0123456789abcdef", files);
        int written = 1000 * 40 + listing.toBytes().length + Arrival.of(listing).toBytes().length;
        assertThat(listing.size()).isGreaterThan(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{}", "{\"version\":\"a\",\"files\":{\"x\":[1]}}", "<html>"})
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> Listing.parse(text.getBytes(UTF_8))).isInstanceOf(IllegalArgumentException.class);
    }
}

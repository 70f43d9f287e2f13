package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A file has its place, and where that is full another. */
class PlacementTest {

    private static final String NAME = "-0123456789abcdef.yml";
    private static final int HALF = 512 * 1024;

    private final Map<Integer, Listing> secrets = new HashMap<>();

    private Placement placement() {
        return new Placement(SecretKind.PART, number -> secrets.getOrDefault(number, Listing.EMPTY));
    }

    private void hold(int number, String path, int size) {
        TreeMap<String, Listing.Entry> files =
                new TreeMap<>(secrets.getOrDefault(number, Listing.EMPTY).files());
        files.put(path, new Listing.Entry("d", "s", size, "t"));
        secrets.put(number, new Listing("v", files));
    }

    @Test
    void aPartsNumberIsItsPlace() {
        assertThat(placement().place("jobs-07" + NAME, 100)).contains(7);
        assertThat(placement().place("jobs-63" + NAME, 100)).contains(63);
    }

    @Test
    void anotherContentOfAFileStaysInItsPlace() {
        int first = placement().place("rules-0012-0123456789abcdef.yml", 100).orElseThrow();
        assertThat(placement().place("rules-0012-fedcba9876543210.yml", 100)).contains(first);
    }

    @Test
    void oldAndNewOfAFullPartFitTogether() {
        hold(7, "jobs-07" + NAME, HALF);
        assertThat(placement().place("jobs-07-fedcba9876543210.yml", HALF)).contains(8);
        assertThat(placement().place("jobs-07-fedcba9876543210.yml", 100)).contains(7);
    }

    @Test
    void whatOneCallPlacesCounts() {
        Placement placement = placement();
        assertThat(placement.place("jobs-07" + NAME, HALF)).contains(7);
        assertThat(placement.place("jobs-07-fedcba9876543210.yml", HALF)).contains(8);
    }

    @Test
    void aFileIsReplacedWhereItIs() {
        hold(9, "web.yml", 100);
        assertThat(placement().place("web.yml", 200)).contains(9);
    }

    @Test
    void nothingIsPlacedWhereNothingFits() {
        for (int number = 0; number < SecretKind.PART.count(); number++) {
            hold(number, "jobs-00" + number + NAME, (int) Placement.ROOM);
        }
        assertThat(placement().place("jobs-07-fedcba9876543210.yml", 1)).isEmpty();
    }

    /** Copies lie in a few Secrets, as long as they fit, and in as many as the originals where they don't. */
    @Test
    void copiesSpreadNoFurtherThanTheyMust() {
        Placement placement = new Placement(SecretKind.KEPT, number -> secrets.getOrDefault(number, Listing.EMPTY));
        for (int number = 0; number < 100; number++) {
            assertThat(placement.place("file-" + number, 1_000).orElseThrow()).isLessThan(8);
        }
        for (int number = 0; number < SecretKind.KEPT.count() - 8; number++) {
            assertThat(placement.place("large-" + number, Placement.ROOM - 1_000))
                    .isPresent();
        }
    }
}

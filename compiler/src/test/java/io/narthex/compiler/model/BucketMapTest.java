package io.narthex.compiler.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A map of many versions: each stays what it was, and what differs is found. */
class BucketMapTest {

    @Test
    void behavesLikeAMapThroughManyChanges() {
        Random random = new Random(7);
        Map<String, Integer> expected = new HashMap<>();
        BucketMap<String, Integer> map = BucketMap.empty();
        for (int i = 0; i < 20_000; i++) {
            String key = "key" + random.nextInt(5_000);
            if (random.nextInt(3) == 0) {
                expected.remove(key);
                map = map.without(key);
            } else {
                expected.put(key, i);
                map = map.with(key, i);
            }
        }
        Map<String, Integer> found = new HashMap<>();
        map.forEach(found::put);
        assertThat(found).isEqualTo(expected);
        assertThat(map.size()).isEqualTo(expected.size());
        expected.forEach((key, value) -> assertThat(found).containsEntry(key, value));
    }

    @Test
    void olderVersionsStayAsTheyWere() {
        BucketMap<String, String> one = BucketMap.<String, String>empty().with("a", "1");
        BucketMap<String, String> two = one.with("a", "2").with("b", "3");
        assertThat(one.get("a")).contains("1");
        assertThat(one.get("b")).isEmpty();
        assertThat(two.without("a").get("b")).contains("3");
        assertThat(two.get("a")).contains("2");
    }

    private record Same(int id) {
        @Override
        public int hashCode() {
            return 1;
        }
    }

    @Test
    void keysOfOneHashShareABucket() {
        BucketMap<Same, Integer> map = BucketMap.empty();
        for (int i = 0; i < 50; i++) {
            map = map.with(new Same(i), i);
        }
        assertThat(map.without(new Same(20)).get(new Same(20))).isEmpty();
        assertThat(map.without(new Same(20)).get(new Same(49))).contains(49);
        assertThat(map.without(new Same(20)).size()).isEqualTo(49);
    }

    /** Names whose hashes are one are easily found, and anybody may choose names. */
    @Test
    void aBucketMayBeLongerThanTheStackIsDeep() {
        BucketMap<Same, Integer> map = BucketMap.empty();
        for (int i = 0; i < 20_000; i++) {
            map = map.with(new Same(i), i);
        }
        BucketMap<Same, Integer> fewer = map.without(new Same(0));
        assertThat(fewer.get(new Same(0))).isEmpty();
        assertThat(fewer.size()).isEqualTo(19_999);
        assertThat(fewer.get(new Same(19_999))).contains(19_999);
    }

    @Test
    void showsExactlyWhatDiffers() {
        BucketMap<Integer, String> before = BucketMap.empty();
        for (int i = 0; i < 1_000; i++) {
            before = before.with(i, "v" + i);
        }
        BucketMap<Integer, String> after = before.without(5).with(6, "new").with(2_000, "more");
        Set<String> told = new HashSet<>();
        after.differences(before, (key, old, now) -> told.add(key + ":" + old + ">" + now));
        assertThat(told).containsExactlyInAnyOrder("5:v5>null", "6:v6>new", "2000:null>more");
    }
}

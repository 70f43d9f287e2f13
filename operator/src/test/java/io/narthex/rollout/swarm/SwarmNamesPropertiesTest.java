package io.narthex.rollout.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.compiler.model.ResourceKey;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** No two servers of an instance have an object of the same name. */
class SwarmNamesPropertiesTest {

    private static final int REPLICAS = 13;

    private static SwarmNames names(String namespace, String name) {
        return new SwarmNames("narthex", new ResourceKey("PrometheusServer", namespace, name));
    }

    private static Set<String> all(SwarmNames names) {
        Set<String> all = new HashSet<>();
        for (int replica = 0; replica < REPLICAS; replica++) {
            all.add(names.service(replica));
            all.add(names.volume(replica));
        }
        all.add(names.state());
        all.add(names.identity());
        return all;
    }

    /** Few letters, so that what is put together of several is often the same. */
    @Provide
    Arbitrary<String> labels() {
        return Arbitraries.strings()
                .withChars('a', '-', '1')
                .ofMinLength(1)
                .ofMaxLength(6)
                .filter(label -> !label.startsWith("-") && !label.endsWith("-"));
    }

    @Provide
    Arbitrary<String> namespaces() {
        return Arbitraries.oneOf(Arbitraries.just("default"), labels());
    }

    @Property
    void noTwoServersShareAName(
            @ForAll("namespaces") String namespace,
            @ForAll("labels") String name,
            @ForAll("namespaces") String otherNamespace,
            @ForAll("labels") String otherName) {
        Assume.that(!namespace.equals(otherNamespace) || !name.equals(otherName));
        assertThat(all(names(namespace, name))).doesNotContainAnyElementsOf(all(names(otherNamespace, otherName)));
    }

    @Example
    void whatCouldBeAnothersIsTheServersOwn() {
        List<SwarmNames> alike = Stream.concat(
                        Stream.of(names("a-b", "c"), names("a", "b-c"), names("default", "a-b-c")),
                        Stream.of(names("default", "main"), names("default", "main-1"), names("main", "1")))
                .toList();
        Set<String> together = new HashSet<>();
        alike.forEach(one -> together.addAll(all(one)));
        assertThat(together)
                .hasSize(alike.stream().mapToInt(one -> all(one).size()).sum());
        // One that is named as another is made different is made different itself.
        SwarmNames shop = names("shop", "main");
        assertThat(names("default", shop.base().substring("narthex-".length())).base())
                .isNotEqualTo(shop.base());
    }

    @Example
    void whoseAnObjectIsIsSaid() {
        SwarmNames main = names("default", "main");
        ObjectNode config = JsonNodeFactory.instance.objectNode();
        ObjectNode labels =
                config.putObject("Spec").put("Name", "narthex-main-state").putObject("Labels");
        assertThat(main.notOurs("config", config)).contains("config narthex-main-state isn't Narthex's");
        new SwarmNames("second", main.server()).labels("state").forEach(labels::put);
        assertThat(main.notOurs("config", config)).contains("of the instance second", "another --instance");
        names("shop", "main").labels("state").forEach(labels::put);
        assertThat(main.notOurs("config", config))
                .contains("is that of the PrometheusServer shop/main; rename one of the two");
        main.labels("state").forEach(labels::put);
        assertThat(main.notOurs("config", config)).contains("remove it, or rename the PrometheusServer");
    }
}

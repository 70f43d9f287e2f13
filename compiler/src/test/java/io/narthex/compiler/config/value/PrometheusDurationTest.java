package io.narthex.compiler.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrometheusDurationTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0s",
        "0s, 0, 0s",
        "00015s, 15000, 15s",
        "1h30m, 5400000, 1h30m",
        "90m, 5400000, 1h30m",
        "1d, 86400000, 1d",
        "200h, 720000000, 8d8h",
        "90d, 7776000000, 90d",
        "2w, 1209600000, 2w",
        "1y, 31536000000, 1y",
        "1y1w1d1h1m1s1ms, 32230861001, 373d1h1m1s1ms",
        "292y, 9208512000000, 292y",
        "106751d, 9223286400000, 106751d",
        "9223372036854ms, 9223372036854, 106751d23h47m16s854ms",
    })
    void readsAndWritesAsPrometheusDoes(String text, long millis, String written) {
        PrometheusDuration duration = PrometheusDuration.parse(text).orThrow();
        assertThat(duration.millis()).isEqualTo(millis);
        assertThat(duration).hasToString(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "5",
                "5s ",
                " 5s",
                "-5s",
                "+5s",
                "1m1h",
                "5s5s",
                "200hh",
                "1.5h",
                "5S",
                "5sec",
                "s",
                "1h30",
                "293y",
                "9223372036855ms",
                "99999999999999999999999s",
                "18446744073709551617s",
                "292y1y",
                "٣s",
                "1d\n",
                "1µs",
                "1ns",
                "0x1s"
            })
    void refusesTheRest(String text) {
        Problem problem = PrometheusDuration.parse(text).whyNot().orElseThrow();
        assertThat(problem.message()).isNotBlank().doesNotContain("\n");
        assertThat(problem.allowed()).isNotBlank();
    }

    @ParameterizedTest
    @CsvSource({
        "200hh, the duration \"200hh\" has the unknown unit \"hh\"",
        "-5s, the duration \"-5s\" is negative",
        "30, the duration \"30\" has a number without a unit",
        "1m1h, the duration \"1m1h\" has h after m",
        "300y, the duration \"300y\" is too long",
    })
    void saysWhatIsWrong(String text, String message) {
        assertThat(PrometheusDuration.parse(text).whyNot().orElseThrow().message())
                .isEqualTo(message);
    }

    @Property
    void whatItWritesItReads(@ForAll @LongRange(min = 0, max = 9_223_372_036_854L) long millis) {
        PrometheusDuration duration = new PrometheusDuration(millis);
        assertThat(PrometheusDuration.parse(duration.toString()).orThrow()).isEqualTo(duration);
    }

    @Property
    void anyTextIsAnsweredWithoutAnException(@ForAll String text) {
        assertThatNoException().isThrownBy(() -> PrometheusDuration.parse(text));
    }
}

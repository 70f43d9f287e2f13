package io.narthex.compiler.config.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSizeTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0, 0B",
        "+0, 0, 0B",
        "0B, 0, 0B",
        "512B, 512, 512B",
        "1KB, 1024, 1KiB",
        "1KiB, 1024, 1KiB",
        "512MB, 536870912, 512MiB",
        "1.5GB, 1610612736, 1GiB512MiB",
        ".5KB, 512, 512B",
        "1.GB, 1073741824, 1GiB",
        "1GB512MB, 1610612736, 1GiB512MiB",
        "1GiB1B, 1073741825, 1GiB1B",
        "+10TB, 10995116277760, 10TiB",
        "1EB, 1152921504606846976, 1EiB",
    })
    void readsAndWritesAsPrometheusDoes(String text, long bytes, String written) {
        ByteSize size = ByteSize.parse(text).orThrow();
        assertThat(size.bytes()).isEqualTo(bytes);
        assertThat(size).hasToString(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "+",
                "-",
                "-1GB",
                "1",
                "512",
                "1kB",
                "1gb",
                "1G",
                "GB",
                ".GB",
                "1 GB",
                "1GB ",
                "8EB",
                "9999999EB",
                "1GB1MiB",
                "1e3MB",
                "1..5GB",
                "٣GB",
                "99999999999999999999999999999999999999999999999B",
                "0x10MB"
            })
    void refusesTheRest(String text) {
        Problem problem = ByteSize.parse(text).whyNot().orElseThrow();
        assertThat(problem.message()).isNotBlank();
        assertThat(problem.allowed()).isNotBlank();
    }

    @Property
    void whatItWritesItReads(@ForAll @LongRange(min = 0, max = 1L << 62) long bytes) {
        ByteSize size = new ByteSize(bytes);
        assertThat(ByteSize.parse(size.toString()).orThrow()).isEqualTo(size);
    }

    @Property
    void anyTextIsAnsweredWithoutAnException(@ForAll String text) {
        assertThatNoException().isThrownBy(() -> ByteSize.parse(text));
    }
}

package io.narthex.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.narthex.compiler.model.Retention;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which changes of what is kept delete samples. */
class RetentionsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            # hours before, bytes, percentage | after            | what shrinks
              200 | - | -                     | 200 | - | -      | -
              200 | - | -                     | 300 | - | -      | -
              200 | - | -                     | -   | - | -      | -
              360 | - | -                     | 200 | - | -      | retention time 15d -> 200h
              -   | - | -                     | 24  | - | -      | retention time unlimited -> 1d
              -   | 9 | -                     | -   | 9 | -      | -
              -   | 9 | -                     | -   | 8 | -      | retention size 9 bytes -> 8 bytes
              -   | - | -                     | -   | 8 | -      | retention size unlimited -> 8 bytes
              -   | 9 | -                     | -   | - | -      | -
              -   | - | 80                    | -   | - | 80     | -
              -   | - | 80                    | -   | - | 50     | retention percentage 80% -> 50%
              -   | - | -                     | -   | - | 50     | retention percentage unlimited -> 50%
              -   | 9 | 80                    | -   | 9 | -      | retention size 9 bytes -> 9 bytes
              48  | 9 | -                     | 24  | 8 | -      | retention time 2d -> 1d, retention size 9 bytes -> 8 bytes
            """)
    void namesWhatShrinks(
            Long hoursBefore,
            Long bytesBefore,
            Double partBefore,
            Long hours,
            Long bytes,
            Double part,
            String shrinks) {
        assertThat(Retentions.shrinks(retention(hoursBefore, bytesBefore, partBefore), retention(hours, bytes, part)))
                .isEqualTo(Optional.ofNullable(shrinks));
    }

    @Test
    void neverMindsWhatItIsComparedWithItself() {
        Retention all = retention(24L, 9L, 50.0);
        assertThat(Retentions.shrinks(all, all)).isEmpty();
    }

    private static Retention retention(Long hours, Long bytes, Double part) {
        return new Retention(
                Optional.ofNullable(hours).map(Duration::ofHours),
                bytes == null ? OptionalLong.empty() : OptionalLong.of(bytes),
                part == null ? OptionalDouble.empty() : OptionalDouble.of(part),
                false);
    }
}

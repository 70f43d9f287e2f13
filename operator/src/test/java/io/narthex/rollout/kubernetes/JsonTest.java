package io.narthex.rollout.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void aPatchNamesTheVersionWhatIsPutAndWhatIsDeleted() throws Exception {
        TreeMap<String, @Nullable String> data = new TreeMap<>();
        data.put("jobs-01.yml", "aGVsbG8+/w==");
        data.put("empty", "");
        data.put("old.yml", null);

        JsonNode patch = new ObjectMapper().readTree(Json.mergePatch("1\"2", data));

        assertThat(patch.at("/metadata/resourceVersion").asText()).isEqualTo("1\"2");
        assertThat(patch.at("/data/jobs-01.yml").asText()).isEqualTo("aGVsbG8+/w==");
        assertThat(patch.at("/data/empty").asText("absent")).isEmpty();
        assertThat(patch.path("data").get("old.yml").isNull()).isTrue();
        assertThat(patch.path("data").size()).isEqualTo(3);
    }
}

package io.narthex.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What is read of a task, and what isn't. */
class ExcerptTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static JsonNode read(String text) throws IOException {
        try (JsonParser parser = JSON.createParser(text.replace('\'', '"'))) {
            parser.nextToken();
            JsonNode read = Excerpt.OF_TASKS.read(parser, JSON);
            assertThat(parser.nextToken()).as("read to its end").isNull();
            return read;
        }
    }

    @Test
    void keepsWhatIsLookedAtAndSkipsTheRest() throws Exception {
        assertThat(read("""
                {'ID': 't', 'Version': {'Index': 7}, 'Labels': {'a': ['b']}, 'Slot': 2,
                 'Spec': {'ContainerSpec': {'Image': 'i', 'Labels': {'x': 'y'}}, 'Networks': [{'Target': 'n'}]},
                 'Status': {'Timestamp': 'now', 'State': 'running',
                   'ContainerStatus': {'ContainerID': 'c', 'PID': 1}, 'PortStatus': {'Ports': [{'TargetPort': 1}]}},
                 'NetworksAttachments': [
                   {'Network': {'ID': 'n', 'Spec': {'Name': 'narthex'}}, 'Addresses': ['10.0.0.1/8']},
                   {'Network': {'ID': 'm'}, 'Addresses': []}]}
                """)).isEqualTo(JSON.readTree("""
                {'ID': 't', 'Slot': 2, 'Spec': {'ContainerSpec': {'Image': 'i', 'Labels': {'x': 'y'}}},
                 'Status': {'State': 'running', 'ContainerStatus': {'ContainerID': 'c'},
                   'PortStatus': {'Ports': [{'TargetPort': 1}]}},
                 'NetworksAttachments': [
                   {'Network': {'ID': 'n'}, 'Addresses': ['10.0.0.1/8']}, {'Network': {'ID': 'm'}, 'Addresses': []}]}
                """.replace('\'', '"')));
    }

    @Test
    void takesWhatItFindsInPlaceOfWhatItExpects() throws Exception {
        assertThat(read("{'Status': null, 'NetworksAttachments': 3, 'Spec': [1]}"))
                .isEqualTo(JSON.readTree("{\"Status\": null, \"NetworksAttachments\": 3, \"Spec\": [1]}"));
        assertThat(read("'text'").asText()).isEqualTo("text");
    }
}

package io.narthex.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.generator.annotation.Size;
import io.narthex.api.schema.SetList;
import java.util.List;

/**
 * Makes the server accept remote write at {@code /api/v1/write}.
 *
 * @param messages The protocols to accept. Default: both. From Prometheus 2.54.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record RemoteWriteReceiver(@SetList @Size(max = 2) List<RemoteWriteMessage> messages) {
    public RemoteWriteReceiver {
        messages = Immutable.list(messages);
    }
}

package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.Secret;
import io.narthex.rollout.Release;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Publishes where there is no room: knows since when the index stands that pods see, and so which files no pod may load any
 * more, and has these deleted.
 */
final class RoomMaker {

    /**
     * So long after an index was written, every pod sees it whose kubelet brings anything: it looks at a pod each minute and a
     * half, and at Secrets as they were up to a minute before, where it doesn't watch them.
     */
    static final Duration INDEX_ARRIVES = Duration.ofMinutes(3);

    /** Differs from every version. */
    private static final String NOT_LOOKED_AT = "*";

    private final ServerSecrets server;
    private final SecretNames names;
    private final SeenSecrets seen;
    private final FilePublisher publisher;
    private final InstantSource clock;
    /** The index as it was seen last, and since when; one that was there before counts from the first look. */
    private String indexVersion = NOT_LOOKED_AT;

    private Instant indexSince = Instant.MAX;

    RoomMaker(ServerSecrets server, SecretNames names, SeenSecrets seen, FilePublisher publisher, InstantSource clock) {
        this.server = server;
        this.names = names;
        this.seen = seen;
        this.publisher = publisher;
        this.clock = clock;
    }

    /** Notes since when the index is there that is seen now; to be called as often as something new may be seen. */
    void lookAtIndex() {
        String version = indexVersion();
        if (!version.equals(indexVersion)) {
            indexVersion = version;
            indexSince = clock.instant();
        }
    }

    private String indexVersion() {
        return seen.find(SecretKind.INDEX, 0)
                .map(index -> String.valueOf(index.resourceVersion()))
                .orElse("");
    }

    /**
     * Publishes, and makes room where there is none: while nothing can be verified, nothing gets obsolete, and each change
     * leaves its parts behind. All those go that no pod may load any more.
     *
     * @param needed files that stay, whether an index names them or not
     * @throws RoomLater where there is no room yet
     * @throws NotAtHand where a content is nowhere to be found, or what stays leaves no room
     */
    void publish(SecretKind kind, Map<String, String> wanted, Content content, Set<String> obsolete, Set<String> needed)
            throws NotAtHand, InterruptedException {
        try {
            publisher.publish(kind, wanted, content, obsolete);
        } catch (FilePublisher.NoRoom e) {
            Optional<String> index = loadableIndex();
            if (index.isEmpty()) {
                throw new RoomLater(String.valueOf(e.getMessage()), indexSince.plus(INDEX_ARRIVES));
            }
            publisher.remove(
                    kind,
                    path -> Placement.isNamedByContent(path)
                            && !needed.contains(path)
                            && !index.get().contains(path));
            try {
                publisher.publish(kind, wanted, content, obsolete);
            } catch (FilePublisher.NoRoom still) {
                throw new NotAtHand(still.getMessage()
                        + ". They hold the new configuration, the one that pods load, and the last good one, and nothing"
                        + " else: have several PrometheusServers each take some of the Monitors");
            }
        }
    }

    /**
     * Returns the text of the only index that a pod may load; empty where a pod may yet load another than the published one. A
     * pod loses a file only when its kubelet brings what is written, and then it brings the index, too.
     */
    private Optional<String> loadableIndex() {
        lookAtIndex();
        if (clock.instant().isBefore(indexSince.plus(INDEX_ARRIVES))) {
            return Optional.empty();
        }
        Optional<Secret> secret = server.find(names.name(SecretKind.INDEX, 0));
        if (!indexVersion()
                .equals(secret.map(there -> String.valueOf(there.getMetadata().getResourceVersion()))
                        .orElse(""))) {
            seen.doubt(SecretKind.INDEX, 0);
            // The other one will be seen with the next look.
            indexSince = clock.instant();
            return Optional.empty();
        }
        return Optional.of(secret.map(Secret::getData)
                .flatMap(data -> SecretData.content(data, Release.INDEX))
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse(""));
    }
}

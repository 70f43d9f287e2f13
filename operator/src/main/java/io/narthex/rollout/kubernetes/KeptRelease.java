package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.narthex.compiler.assemble.Digest;
import io.narthex.rollout.Refusal;
import io.narthex.rollout.Release;
import io.narthex.rollout.ReleaseJson;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What outlives the operator, in a Secret of its own: the last good release with its pod template and its {@code
 * prometheus.yml}, and why another was refused. A part's name tells its content and stays in its Secret as long as this
 * release needs it; of files that keep their name, there is a copy in Secrets that no pod sees. A pod template is believed as
 * far as {@link KeptTemplates} say.
 *
 * <p>For one thread.
 */
final class KeptRelease {

    private static final String COMPONENT = "state";
    private static final Logger LOG = LoggerFactory.getLogger(KeptRelease.class);
    private static final String RELEASE = "release.json";
    /** Apart, since it seldom changes and is longer than the rest. */
    private static final String TEMPLATE = "template.json";

    private static final String INDEX = "prometheus.yml.gz";
    private static final String REFUSAL = "refused.json";

    private final KubernetesClient client;
    private final ObjectNames names;
    private final ConfigSecrets secrets;
    private final KeptTemplates templates;
    private final KubernetesSerialization yaml;
    private final QuietWrites quiet;

    private boolean loaded;
    private Optional<String> foreign = Optional.empty();
    private @Nullable String resourceVersion;
    private Optional<Version> lastGood = Optional.empty();
    private Optional<Refusal> refusal = Optional.empty();
    private byte[] index = new byte[0];
    private @Nullable PodTemplateSpec template;
    private String templateJson = "";
    private String keptTemplate = "";

    KeptRelease(KubernetesClient client, ObjectNames names, ConfigSecrets secrets, KeptTemplates templates) {
        this.client = client;
        this.names = names;
        this.secrets = secrets;
        this.templates = templates;
        this.yaml = client.getKubernetesSerialization();
        this.quiet = new QuietWrites(client);
    }

    /** Reads it, where that wasn't done yet. */
    void refresh() {
        if (loaded) {
            return;
        }
        Optional<Secret> secret = Optional.empty();
        foreign = Optional.empty();
        try {
            secret = secrets.findOwn(names.state(), COMPONENT);
        } catch (NotOurs e) {
            foreign = Optional.of(String.valueOf(e.getMessage()));
        }
        Map<String, String> data = secret.map(Secret::getData).orElseGet(Map::of);
        resourceVersion =
                secret.map(one -> one.getMetadata().getResourceVersion()).orElse(null);
        keptTemplate = new String(entry(data, TEMPLATE), StandardCharsets.UTF_8);
        if (!keptTemplate.isEmpty()) {
            templates.refresh();
        }
        lastGood = Optional.empty();
        try {
            index = data.containsKey(INDEX) ? unzipped(entry(data, INDEX)) : new byte[0];
            if (data.containsKey(RELEASE) && index.length > 0) {
                Release release = ReleaseJson.release(ReleaseJson.read(entry(data, RELEASE)));
                lastGood = template(release).map(pod -> new Version(release, pod));
                if (lastGood.isEmpty()) {
                    lose("isn't used, since the annotation " + KeptTemplates.ANNOTATION + " of the StatefulSet doesn't"
                            + " name its pod template: an earlier version of Narthex kept it, the StatefulSet was deleted,"
                            + " or somebody changed the Secret");
                }
            }
        } catch (IOException | RuntimeException e) {
            lose("can't be understood");
        }
        try {
            refusal = data.containsKey(REFUSAL)
                    ? Optional.of(ReleaseJson.refusal(ReleaseJson.read(entry(data, REFUSAL))))
                    : Optional.empty();
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "The refusal in the Secret {}/{} can't be understood; what was refused is tried once more",
                    names.namespace(),
                    names.state());
            refusal = Optional.empty();
        }
        loaded = true;
    }

    /** Returns the pod template of a kept release; empty where only its Secret tells it, which isn't enough. */
    private Optional<PodTemplateSpec> template(Release release) {
        if (keptTemplate.isEmpty()) {
            throw new IllegalArgumentException("no pod template is kept");
        }
        if (templates.isNamed(keptTemplate)) {
            return Optional.of(yaml.unmarshal(keptTemplate, PodTemplateSpec.class));
        }
        // That of a StatefulSet that was made anew, or whose annotation somebody took away.
        keptTemplate = "";
        return templates.own(release.restartKey());
    }

    private void lose(String why) {
        LOG.warn(
                "The last good release in the Secret {}/{} {}; nothing can be gone back to until one is verified",
                names.namespace(),
                names.state(),
                why);
    }

    private static byte[] entry(Map<String, String> data, String key) {
        return SecretData.content(data, key).orElseGet(() -> new byte[0]);
    }

    Optional<Version> lastGood() {
        return lastGood;
    }

    Optional<Refusal> refusal() {
        return refusal;
    }

    /**
     * Makes sure that the last good release can be gone back to by the next operator, too; to be called before another pod
     * template takes its place in the StatefulSet.
     */
    void secure() throws NotAtHand, InterruptedException {
        if (lastGood.isEmpty() || foreign.isPresent() || !templates.canName()) {
            return;
        }
        String pod = json(lastGood.get().template());
        templates.add(pod);
        if (!pod.equals(keptTemplate)) {
            Map<String, @Nullable String> data = new TreeMap<>();
            data.put(TEMPLATE, SecretData.encoded(pod.getBytes(StandardCharsets.UTF_8)));
            write(data);
            keptTemplate = pod;
        }
    }

    /** Keeps a version; the one before is complete until this one is. */
    void keep(Version version, Content content) throws NotAtHand, InterruptedException {
        Release release = version.release();
        byte[] newIndex = content.find(Release.INDEX, release.index())
                .orElseThrow(() -> new NotAtHand("the content of " + Release.INDEX + " isn't at hand"));
        Map<String, String> copies = new TreeMap<>();
        Map<String, String> paths = new HashMap<>();
        release.files().forEach((path, digest) -> {
            if (!path.equals(Release.INDEX) && !release.parts().containsKey(path)) {
                String copy = copy(path, digest);
                copies.put(copy, digest);
                paths.put(copy, path);
            }
        });
        secrets.publish(
                SecretKind.KEPT,
                copies,
                (copy, digest) -> content.find(paths.getOrDefault(copy, copy), digest),
                Set.of());
        Map<String, @Nullable String> data = new TreeMap<>();
        String pod = json(version.template());
        if (!pod.equals(keptTemplate)) {
            data.put(TEMPLATE, SecretData.encoded(pod.getBytes(StandardCharsets.UTF_8)));
        }
        data.put(RELEASE, SecretData.encoded(ReleaseJson.bytes(ReleaseJson.of(release))));
        data.put(INDEX, SecretData.encoded(zipped(newIndex)));
        templates.add(pod);
        write(data);
        keptTemplate = pod;
        index = newIndex;
        lastGood = Optional.of(version);
        secrets.remove(SecretKind.KEPT, path -> !copies.containsKey(path));
        templates.retain(pod);
    }

    void note(Refusal why) throws NotAtHand, InterruptedException {
        Map<String, @Nullable String> data = new TreeMap<>();
        data.put(REFUSAL, SecretData.encoded(ReleaseJson.bytes(ReleaseJson.of(why))));
        write(data);
        refusal = Optional.of(why);
    }

    /** Returns the content of the last good release's files, as far as they have a copy. */
    Content content() {
        return (path, digest) -> {
            Optional<Release> good = lastGood.map(Version::release);
            if (path.equals(Release.INDEX)) {
                return good.filter(release -> release.index().equals(digest)).map(release -> index);
            }
            return secrets.read(SecretKind.KEPT, copy(path, digest), digest);
        };
    }

    private static String copy(String path, String digest) {
        return "file-" + Digest.of((path + '\n' + digest).getBytes(StandardCharsets.UTF_8));
    }

    private void write(Map<String, @Nullable String> data) throws NotAtHand, InterruptedException {
        if (foreign.isPresent()) {
            loaded = false;
            throw new NotAtHand(foreign.get());
        }
        try {
            String version = resourceVersion;
            resourceVersion = version == null
                    ? client.resource(new SecretBuilder(secrets.empty(names.state(), COMPONENT))
                                    .withData(data)
                                    .build())
                            .create()
                            .getMetadata()
                            .getResourceVersion()
                    : quiet.merge(names.namespace(), "secrets/" + names.state(), Json.mergePatch(version, data));
        } catch (RuntimeException e) {
            loaded = false;
            throw e;
        }
    }

    @SuppressWarnings("ReferenceEquality") // Templates are never modified.
    private String json(PodTemplateSpec pod) {
        if (pod != template) {
            template = pod;
            templateJson = yaml.asJson(pod);
        }
        return templateJson;
    }

    private static byte[] zipped(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream zip = new GZIPOutputStream(bytes)) {
            zip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException("memory can be written", e);
        }
        return bytes.toByteArray();
    }

    private static byte[] unzipped(byte[] zipped) throws IOException {
        try (GZIPInputStream zip = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
            return zip.readAllBytes();
        }
    }
}

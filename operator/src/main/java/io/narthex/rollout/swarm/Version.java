package io.narthex.rollout.swarm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.narthex.docker.ImageName;
import io.narthex.rollout.Release;
import io.narthex.rollout.ReleaseJson;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A release with what it takes to run it.
 *
 * @param release the release
 * @param template the service, without what differs between replicas and without files
 * @param secrets the secrets to mount, by path: below the configuration folder, or absolute
 */
record Version(Release release, ObjectNode template, SortedMap<String, SecretRef> secrets) {

    Version {
        secrets = Collections.unmodifiableSortedMap(new TreeMap<>(secrets));
    }

    /**
     * Returns this version with the digest of the image that a service runs, where it is this version's image: what its tag
     * means may be another one when it is gone back to.
     */
    Version asRunBy(JsonNode service) {
        String image = "/TaskTemplate/ContainerSpec/Image";
        String runs = service.path("Spec").at(image).asText();
        if (!new ImageName(runs).withoutDigest().equals(template.at(image).asText())) {
            return this;
        }
        ObjectNode exact = template.deepCopy();
        ((ObjectNode) exact.at("/TaskTemplate/ContainerSpec")).put("Image", runs);
        return new Version(release, exact, secrets);
    }

    ObjectNode toJson() {
        ObjectNode json = ReleaseJson.of(release);
        json.set("template", template);
        ObjectNode mounted = json.putObject("secrets");
        secrets.forEach(
                (path, secret) -> mounted.putObject(path).put("id", secret.id()).put("name", secret.name()));
        return json;
    }

    /** @throws IllegalArgumentException for what {@link #toJson} didn't write */
    static Version of(JsonNode json) {
        TreeMap<String, SecretRef> secrets = new TreeMap<>();
        json.required("secrets")
                .properties()
                .forEach(entry -> secrets.put(
                        entry.getKey(),
                        new SecretRef(
                                entry.getValue().required("id").asText(),
                                entry.getValue().required("name").asText())));
        if (!(json.required("template") instanceof ObjectNode template)) {
            throw new IllegalArgumentException("the template is no object");
        }
        return new Version(ReleaseJson.release(json), template, secrets);
    }
}

package io.narthex.rollout.kubernetes;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.narthex.rollout.Release;

/**
 * A release with what it takes to run it.
 *
 * @param release the release
 * @param template what its pods are made from; never to be modified
 */
record Version(Release release, PodTemplateSpec template) {}

/**
 * What a Docker Swarm declares. Enters: what Docker tells of its services, secrets and configs. Leaves: resources with
 * their positions, and what is wrong with them. It must not know what becomes of them.
 */
@NullMarked
package io.narthex.source.swarm;

import org.jspecify.annotations.NullMarked;

package io.narthex.reconcile.swarm;

import io.narthex.compiler.Compiler;
import io.narthex.docker.DockerClient;
import io.narthex.docker.SwarmWatch;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/**
 * What all keepers of an operator share.
 *
 * @param docker asks a manager of the Swarm
 * @param watch tells what there is
 * @param clock tells the time of day, for what others read
 * @param timer tells how time passes, whatever becomes of the clock: for all that waits
 * @param random makes tokens; must not be guessable
 */
record OperatorParts(
        DockerClient docker,
        SwarmOperatorSettings settings,
        SwarmWatch watch,
        Compiler compiler,
        InstantSource clock,
        InstantSource timer,
        RandomGenerator random) {}

/** Tests of the operator of a Swarm. */
package io.narthex.reconcile.swarm;

/**
 * Runs one Prometheus on this machine: finds the program, owns the state folder, starts, watches and stops the process.
 *
 * <p>Enters: a program, its flags and a state folder. Leaves: observations (running, exited and why) and diagnostics of
 * the environment. Must not know: what the flags and files mean, when to reload, roll back or give up.
 */
@NullMarked
package io.narthex.process;

import org.jspecify.annotations.NullMarked;

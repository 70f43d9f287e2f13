/**
 * The commands that run on in a container: operator and socket-gate, with their options, their log and their end.
 *
 * <p>Enters: options, the signal to end. Leaves: a log on standard error. Must not know: the commands of users.
 */
@NullMarked
package io.narthex.cli.operator;

import org.jspecify.annotations.NullMarked;

/**
 * The plugin of kubectl: status, explain, lint and diff of what a cluster holds.
 *
 * <p>Enters: a cluster as the user may see it, files. Leaves: reports; nothing is changed. Must not know: what an operator
 * does.
 */
@NullMarked
package io.narthex.cli.kubectl;

import org.jspecify.annotations.NullMarked;

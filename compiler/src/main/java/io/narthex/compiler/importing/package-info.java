/**
 * Makes resources of what a Prometheus ran with before: its configuration, its rule files, and the compose or stack file
 * that started it.
 *
 * <p>Enters: the content of these files. Leaves: YAML of resources, credentials, and a report of what is the same, what
 * differs and what has no counterpart. Must not know: where files lie, the command line, the compiler's own work.
 */
@NullMarked
package io.narthex.compiler.importing;

import org.jspecify.annotations.NullMarked;

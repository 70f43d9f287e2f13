/**
 * The command explain: what a diagnostic's code, a field of a resource or one resource of a folder is about.
 *
 * <p>Enters: a subject, the pages and schemas that come with Narthex. Leaves: what is to be read about it. Must not know:
 * other commands.
 */
@NullMarked
package io.narthex.cli.explain;

import org.jspecify.annotations.NullMarked;

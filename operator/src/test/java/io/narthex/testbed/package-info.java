/** Real infrastructure for integration tests, by the scripts of the folder {@code testbed}. */
@NullMarked
package io.narthex.testbed;

import org.jspecify.annotations.NullMarked;

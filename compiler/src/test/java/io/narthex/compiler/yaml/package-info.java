/** Tests of the reading of YAML. */
@NullMarked
package io.narthex.compiler.yaml;

import org.jspecify.annotations.NullMarked;

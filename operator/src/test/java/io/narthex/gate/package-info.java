/** The gate before Docker's socket, and what hostile requests find there. */
@org.jspecify.annotations.NullMarked
package io.narthex.gate;

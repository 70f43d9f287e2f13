/** The gate before Docker's socket, and what hostile requests find there. */
package io.narthex.gate;

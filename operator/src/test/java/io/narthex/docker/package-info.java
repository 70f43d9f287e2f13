/** The client of Docker's API, at a real daemon. */
@org.jspecify.annotations.NullMarked
package io.narthex.docker;

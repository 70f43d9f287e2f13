/** The client of Docker's API, at a real daemon. */
package io.narthex.docker;

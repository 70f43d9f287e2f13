/** Tests of what the operator says over HTTP. */
package io.narthex.web;

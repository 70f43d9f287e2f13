package io.narthex.compiler.template;

import io.narthex.compiler.config.value.Problem;

/** Ends the reading of a template at what Prometheus's parser refuses first. */
final class MalformedTemplate extends Exception {

    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    /**
     * Makes one.
     *
     * @param what what the template has or does, without {@code the template}
     * @param remedy what to do
     */
    MalformedTemplate(String what, String remedy) {
        super(what, null, false, false);
        this.problem = new Problem("the template " + what, "a template of Go's text/template", remedy);
    }

    Problem problem() {
        return problem;
    }
}

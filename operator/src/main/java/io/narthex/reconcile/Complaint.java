package io.narthex.reconcile;

import java.util.Optional;
import org.slf4j.Logger;

/** Logs what stands in the way, and that once, however often it is met. For one thread. */
public final class Complaint {

    private final Logger log;
    private Optional<String> said = Optional.empty();

    /** Makes one that has said nothing yet, to be logged there. */
    public Complaint(Logger log) {
        this.log = log;
    }

    /** Says it as a warning, unless it is what was said last. */
    public void say(String words) {
        if (!said.equals(Optional.of(words))) {
            log.warn("{}; trying again", words);
        }
        said = Optional.of(words);
    }

    /** Takes note that nothing stands in the way any more. */
    public void forget() {
        said = Optional.empty();
    }
}

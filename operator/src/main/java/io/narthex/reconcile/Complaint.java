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

    /** Says it as a warning, and that it is tried again, unless it is what was said last. */
    public void say(String words) {
        sayOnly(words + "; trying again");
    }

    /** Says it as a warning, and no more, unless it is what was said last. */
    public void sayOnly(String words) {
        if (!said.equals(Optional.of(words))) {
            log.warn("{}", words);
        }
        said = Optional.of(words);
    }

    /** Takes note that nothing stands in the way any more. */
    public void forget() {
        said = Optional.empty();
    }
}

package io.narthex.reconcile;

import io.narthex.compiler.discovery.Discovered;
import io.narthex.compiler.discovery.TargetGroup;
import io.narthex.web.TargetsPage.Found;
import java.util.List;
import java.util.Optional;

/** What a request for targets is answered. */
public final class FoundTargets {

    private FoundTargets() {}

    /**
     * Returns the answer to a request.
     *
     * @param keeper who takes care of the server that is asked for; empty where nobody does
     * @param works whether this operator knows its servers
     * @param problem what is wrong with the Docker daemon, in words
     * @param job the scrape job
     * @param token what the request carries as its token
     */
    public static Found of(Optional<Keeper> keeper, boolean works, Optional<String> problem, String job, String token) {
        if (keeper.isEmpty()) {
            // While nothing is known of servers yet, a list is neither there nor not there.
            return works
                    ? new Found.NotPermitted()
                    : new Found.NotKnown("this operator hasn't seen what runs yet, or waits for another");
        }
        Optional<Discovered> targets = keeper.get().targets();
        if (!keeper.get().hasToken(token)) {
            return targets.isPresent()
                    ? new Found.NotPermitted()
                    : new Found.NotKnown("the server hasn't been read yet");
        }
        if (targets.isEmpty()) {
            return new Found.NotKnown(problem.orElse("what runs hasn't been read yet, or what is known of it is old"));
        }
        List<TargetGroup> groups = targets.get().groups().get(job);
        return groups == null
                ? new Found.NoSuchJob()
                : new Found.Targets(groups, targets.get().growing().contains(job));
    }
}

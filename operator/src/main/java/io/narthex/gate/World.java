package io.narthex.gate;

import com.fasterxml.jackson.databind.JsonNode;
import io.narthex.docker.Kinds;
import java.util.List;
import java.util.Optional;

/** What the gate asks Docker by itself, to judge a request. */
interface World {

    /** Returns the object of this ID or name; empty where there is none. */
    Optional<JsonNode> find(Kinds kind, String id) throws InterruptedException;

    /** Returns all services. */
    List<JsonNode> services() throws InterruptedException;
}

package io.narthex.e2e;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;

/** A cluster to try the product on. It has, or can get, the images that the chart and the examples name. */
sealed interface Cluster permits TestbedCluster, K3sCluster, GivenCluster {

    /** Which one: {@code testbed} (the default), {@code k3s}, or {@code kubeconfig} for the one that kubectl knows. */
    String CHOICE = "NARTHEX_E2E_CLUSTER";

    /** Brings up the chosen one. Where that can't be had here, skips the test with the reason. */
    static Cluster up() throws IOException, InterruptedException {
        String choice = Optional.ofNullable(System.getenv(CHOICE))
                .filter(name -> !name.isEmpty())
                .orElse("testbed");
        return switch (choice) {
            case "testbed" -> TestbedCluster.up();
            case "k3s" -> K3sCluster.up();
            case "kubeconfig" -> GivenCluster.up();
            default -> Assertions.fail(CHOICE + "=" + choice + " is none of testbed, k3s and kubeconfig");
        };
    }

    /** Returns the file by which kubectl and helm reach it, as its administrator. */
    Path kubeconfig();

    /** Returns the operator's image; empty where it has the one that the chart names by itself. */
    default Optional<Image> operator() {
        return Optional.empty();
    }

    /** Returns another build of the operator's image, to upgrade to; empty where there is none. */
    Optional<Image> next();

    /** Returns the image of the Django shop. */
    default Image shop() {
        return new Image("django-shop", "1");
    }

    /** Returns what can be done to it from outside; empty where nothing can. */
    Optional<Outside> outside();

    /** Stops it where it was started here. */
    void down() throws IOException, InterruptedException;

    /**
     * An image by its name.
     *
     * @param repository such as {@code registry.example.com/narthex}
     * @param tag such as {@code 1.2.3}
     */
    record Image(String repository, String tag) {

        static Image parse(String name) {
            int colon = name.lastIndexOf(':');
            if (colon <= name.lastIndexOf('/')) {
                throw new IllegalArgumentException("the image " + name + " has no tag");
            }
            return new Image(name.substring(0, colon), name.substring(colon + 1));
        }

        @Override
        public String toString() {
            return repository + ":" + tag;
        }
    }

    /** A cluster whose parts run on this machine, so that they can be stopped and reached past the API server. */
    interface Outside {

        /** Stops the API server; everything else runs on. */
        void stopApiServer() throws IOException, InterruptedException;

        /** Starts it again, and returns once it is ready. */
        void startApiServer() throws IOException, InterruptedException;

        /** Returns where a pod's port is reached from here. */
        URI pod(String address, int port);
    }
}

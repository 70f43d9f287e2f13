package io.narthex.e2e;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Assertions;

/**
 * Any cluster there is. Its images are to be had from where it gets images: {@code NARTHEX_E2E_IMAGE} names the
 * operator's, {@code NARTHEX_E2E_SHOP_IMAGE} that of {@code examples/django}, and, where the upgrade is to be tried,
 * {@code NARTHEX_E2E_NEXT_IMAGE} another build of the operator's, each with a tag.
 */
record GivenCluster(Path kubeconfig, Optional<Image> operator, Optional<Image> next, Image shop) implements Cluster {

    static GivenCluster up() {
        Path kubeconfig = Path.of(Optional.ofNullable(System.getenv("KUBECONFIG"))
                .filter(name -> !name.isEmpty())
                .orElse(System.getProperty("user.home") + "/.kube/config"));
        if (!Files.isReadable(kubeconfig)) {
            return Assertions.fail(CHOICE + "=kubeconfig, but " + kubeconfig + " can't be read; set KUBECONFIG");
        }
        return new GivenCluster(
                kubeconfig,
                Optional.of(image("NARTHEX_E2E_IMAGE")),
                Optional.ofNullable(System.getenv("NARTHEX_E2E_NEXT_IMAGE"))
                        .filter(name -> !name.isEmpty())
                        .map(Image::parse),
                image("NARTHEX_E2E_SHOP_IMAGE"));
    }

    private static Image image(String variable) {
        String name = System.getenv(variable);
        return name == null || name.isEmpty()
                ? Assertions.fail(
                        CHOICE + "=kubeconfig needs " + variable + ": an image with its tag that the cluster can pull")
                : Image.parse(name);
    }

    @Override
    public Optional<Outside> outside() {
        return Optional.empty();
    }

    @Override
    public void down() {}
}

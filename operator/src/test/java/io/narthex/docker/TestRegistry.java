package io.narthex.docker;

import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.springframework.security.crypto.bcrypt.BCrypt;

/**
 * A registry on loopback that asks for a login: Debian's docker-registry, which is Docker's own. Docker takes plain HTTP
 * from loopback.
 */
public final class TestRegistry implements AutoCloseable {

    /** Who may come in. */
    public static final String USER = "shop";
    /** The user's password. */
    public static final String PASSWORD = "open:sesame-8f2c";

    private final Path folder;
    private final Process process;
    private final int port;

    private TestRegistry(Path folder, Process process, int port) {
        this.folder = folder;
        this.process = process;
        this.port = port;
    }

    /** Starts one in a folder; skips the test where there is no such program, and fails it in continuous integration. */
    public static TestRegistry start(Path folder) throws Exception {
        Optional<Path> program = Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                .map(place -> Path.of(place, "docker-registry"))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty()) {
            String message = "there is no docker-registry; 'testbed/testbed install' installs it";
            if ("true".equals(System.getenv("CI"))) {
                fail(message);
            }
            return abort(message);
        }
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Files.writeString(folder.resolve("htpasswd"), USER + ":" + BCrypt.hashpw(PASSWORD, BCrypt.gensalt(4)) + "\n");
        Path config = folder.resolve("config.yml");
        Files.writeString(config, """
                version: 0.1
                log: {level: error, accesslog: {disabled: true}}
                storage: {filesystem: {rootdirectory: "%s"}}
                http: {addr: "127.0.0.1:%d"}
                auth: {htpasswd: {realm: test, path: "%s"}}
                """.formatted(folder.resolve("data"), port, folder.resolve("htpasswd")));
        Process process = new ProcessBuilder(program.get().toString(), "serve", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        TestRegistry registry = new TestRegistry(folder, process, port);
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + port + "/v2/");
            await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> {
                HttpResponse<Void> answer =
                        client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.discarding());
                return answer.statusCode() == 401;
            });
        }
        return registry;
    }

    /** Returns its host and port, as images name it. */
    public String host() {
        return "127.0.0.1:" + port;
    }

    /** Returns a {@code config.json} with the login of its user by this password. */
    public byte[] configJson(String password) {
        String auth = Base64.getEncoder().encodeToString((USER + ":" + password).getBytes(StandardCharsets.UTF_8));
        return "{\"auths\": {\"%s\": {\"auth\": \"%s\"}}}"
                .formatted(host(), auth)
                .getBytes(StandardCharsets.UTF_8);
    }

    /** Pushes an image that the daemon has as {@code name}, and takes it from the daemon under that name. */
    public String pushed(String image, String name) throws IOException, InterruptedException {
        Path client = Files.createDirectories(folder.resolve("client"));
        Files.write(client.resolve("config.json"), configJson(PASSWORD));
        String there = host() + "/" + name;
        docker(client, "tag", image, there);
        docker(client, "push", "--quiet", there);
        docker(client, "rmi", there);
        return there;
    }

    private static void docker(Path config, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("docker", "--config", config.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }
}

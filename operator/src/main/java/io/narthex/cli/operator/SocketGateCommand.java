package io.narthex.cli.operator;

import io.narthex.cli.input.DockerOptions;
import io.narthex.cli.input.InstanceName;
import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Failure;
import io.narthex.cli.terminal.Terminal;
import io.narthex.docker.DockerHost;
import io.narthex.docker.DockerTransport;
import io.narthex.gate.SocketGate;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code narthex socket-gate}. */
@Command(
        name = "socket-gate",
        description = {
            "Serve the part of Docker's API that an operator on Docker needs, until it is stopped.",
            "It has Docker's socket so that the operator needs it not; put it on a network with the operator alone."
        })
public final class SocketGateCommand implements Callable<Integer> {

    /** Less than what the operator waits, so that it hears the reason. */
    private static final Duration LIMIT = Duration.ofSeconds(15);

    private final Terminal terminal;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "Where to serve, over plain HTTP. Default: ${DEFAULT-VALUE}.",
            defaultValue = "0.0.0.0:2375")
    private String listen;

    @Option(
            names = "--instance",
            paramLabel = "NAME",
            description = "Whose objects may be made, changed and deleted: the operator's --instance."
                    + " Default: ${DEFAULT-VALUE}.",
            defaultValue = "narthex")
    private String instance;

    @Option(
            names = "--platform",
            paramLabel = "NAME",
            description = "For whose operator: swarm; or compose, which may only see containers."
                    + " Default: ${DEFAULT-VALUE}.",
            defaultValue = "swarm")
    private Platform platform;

    @Mixin
    private DockerOptions docker;

    @SuppressWarnings("NullAway.Init") // picocli sets the annotated fields
    public SocketGateCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        Logs.show(false);
        if (platform == Platform.kubernetes) {
            throw Failure.usage("--platform kubernetes has no Docker socket", "name swarm or compose");
        }
        String owner = InstanceName.of(instance);
        DockerHost host = docker.host(terminal);
        InetSocketAddress address = Addresses.parse("--listen", listen);
        Shutdown shutdown = new Shutdown();
        try (HeapReturn _ = HeapReturn.ofThisProcess();
                DockerTransport transport = new DockerTransport(host, LIMIT);
                SocketGate gate = platform == Platform.compose
                        ? SocketGate.ofContainers(address, transport)
                        : new SocketGate(address, owner, transport)) {
            LoggerFactory.getLogger(SocketGateCommand.class)
                    .info("The gate to {} is open on port {} for the instance {}", host, gate.port(), owner);
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            // The process is asked to end.
        } catch (IOException e) {
            throw Failure.environment(
                    "--listen " + listen + " can't be listened on: " + e.getMessage(), "name a free port by --listen");
        } finally {
            shutdown.done();
        }
        return ExitCode.OK.number();
    }
}

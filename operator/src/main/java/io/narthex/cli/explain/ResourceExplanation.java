package io.narthex.cli.explain;

import io.narthex.cli.terminal.ExitCode;
import io.narthex.cli.terminal.Output;

/** What became of one resource: which server takes it, its jobs, their targets, where the configuration comes from. */
@FunctionalInterface
interface ResourceExplanation {

    /**
     * Prints it.
     *
     * @param output where and how
     * @param subject the resource as {@code KIND/NAME} or {@code KIND/NAMESPACE/NAME}
     * @param folder the folder that declares it
     */
    ExitCode print(Output output, String subject, String folder) throws InterruptedException;
}

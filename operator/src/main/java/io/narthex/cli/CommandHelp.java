package io.narthex.cli;

import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;

/** The help of a command, under the name by which it is called. */
final class CommandHelp extends Help {

    CommandHelp(CommandSpec spec, ColorScheme colors) {
        super(spec, colors);
    }

    /** Returns how a command is called: kubectl calls {@code narthex kubectl} as its own. */
    static String nameOf(CommandSpec spec) {
        return spec.qualifiedName().replaceFirst("^narthex kubectl(?= |$)", "kubectl narthex");
    }

    @Override
    public String abbreviatedSynopsis() {
        return super.abbreviatedSynopsis().replace(commandSpec().qualifiedName(), nameOf(commandSpec()));
    }
}

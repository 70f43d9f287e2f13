package io.narthex.cli.terminal;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;

/**
 * Asks the terminal for the size of its window by {@code ioctl(TIOCGWINSZ)}, as tty_ioctl(4) of Linux and tty(4) of macOS
 * describe it. Knows nothing elsewhere, or where native access isn't enabled.
 */
final class WindowSizes {

    private static final int STANDARD_OUTPUT = 1;
    private static final long LINUX = 0x5413;
    private static final long MACOS = 0x40087468;

    private final Optional<MethodHandle> ioctl;
    private final long request;

    WindowSizes() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        boolean linux = system.startsWith("linux");
        this.request = linux ? LINUX : MACOS;
        this.ioctl = (linux || system.startsWith("mac"))
                        && WindowSizes.class.getModule().isNativeAccessEnabled()
                ? nativeIoctl()
                : Optional.empty();
    }

    // Restricted since native code can crash the JVM: ioctl writes the eight bytes of a struct winsize.
    @SuppressWarnings("restricted")
    private static Optional<MethodHandle> nativeIoctl() {
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor type = FunctionDescriptor.of(
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);
        return linker.defaultLookup()
                .find("ioctl")
                // What it takes differs by request, and macOS passes such arguments in a way of its own.
                .map(address -> linker.downcallHandle(address, type, Linker.Option.firstVariadicArg(2)));
    }

    /** Returns the size of the window that standard output goes to; empty where it isn't known. */
    Optional<WindowSize> ofStandardOutput() {
        if (ioctl.isEmpty()) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment size = arena.allocate(4 * ValueLayout.JAVA_SHORT.byteSize(), 8);
            int result = (int) ioctl.get().invokeExact(STANDARD_OUTPUT, request, size);
            int rows = Short.toUnsignedInt(size.getAtIndex(ValueLayout.JAVA_SHORT, 0));
            int columns = Short.toUnsignedInt(size.getAtIndex(ValueLayout.JAVA_SHORT, 1));
            return result == 0 && rows > 0 && columns > 0
                    ? Optional.of(new WindowSize(columns, rows))
                    : Optional.empty();
        } catch (Throwable e) {
            throw new IllegalStateException("ioctl can't be called", e);
        }
    }
}

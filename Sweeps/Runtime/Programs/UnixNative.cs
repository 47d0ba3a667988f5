using System.Runtime.InteropServices;

namespace Sweeps.Programs;

/// <summary>Functions of the C library for which .NET has no API: sessions, signals to process groups, and waiting for several descriptors.</summary>
internal static unsafe partial class UnixNative
{
    public const int SIGTERM = 15, SIGKILL = 9;
    public const short POLLIN = 1;
    public const int WNOHANG = 1;
    private const string C = "libc";
    private const int O_RDONLY = 0, O_RDWR = 2, F_SETFD = 2, FD_CLOEXEC = 1;

    // The structures have at most 336 bytes in glibc and musl, and the size of a pointer on macOS.
    private const int StructureSize = 512;

    private static readonly bool Mac = OperatingSystem.IsMacOS();
    private static readonly short SpawnFlags = (short)(0x04 /* SETSIGDEF */ | 0x08 /* SETSIGMASK */ | (Mac ? 0x400 : 0x80) /* SETSID */);

    [StructLayout(LayoutKind.Sequential)]
    public struct PollFd
    {
        public int Fd;
        public short Events;
        public short Revents;
    }

    /// <summary>
    /// Starts a program as the leader of its own session, with the default handling of all signals: .NET ignores SIGPIPE, and a child would inherit that.
    /// Returns 0 and the process id, or the error number.
    /// </summary>
    public static int Spawn(
        string file, IReadOnlyList<string> arguments, IReadOnlyList<string> environment, string folder, int output, int errors, out int id)
    {
        var attributes = stackalloc byte[StructureSize];
        var actions = stackalloc byte[StructureSize];
        var signals = stackalloc byte[128];
        Check(posix_spawnattr_init(attributes));
        Check(posix_spawn_file_actions_init(actions));
        try
        {
            Check(posix_spawnattr_setflags(attributes, SpawnFlags));
            Check(sigfillset(signals));
            Check(posix_spawnattr_setsigdefault(attributes, signals));
            Check(sigemptyset(signals));
            Check(posix_spawnattr_setsigmask(attributes, signals));
            Check(posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0));
            Check(posix_spawn_file_actions_adddup2(actions, output, 1));
            Check(posix_spawn_file_actions_adddup2(actions, errors, 2));
            Check(posix_spawn_file_actions_addchdir_np(actions, folder));
            var argv = Vector(arguments);
            var envp = Vector(environment);
            try
            {
                return posix_spawn(out id, file, actions, attributes, argv, envp);
            }
            finally
            {
                Free(argv);
                Free(envp);
            }
        }
        finally
        {
            _ = posix_spawnattr_destroy(attributes);
            _ = posix_spawn_file_actions_destroy(actions);
        }
    }

    /// <summary>Opens a pipe whose ends no child inherits. Throws <see cref="IOException"/> if there is no free descriptor.</summary>
    public static (int Read, int Write) Pipe()
    {
        var ends = stackalloc int[2];
        // pipe2 sets the flag atomically, so that a child that another thread starts cannot inherit the ends. macOS does not have it.
        if ((Mac ? pipe(ends) : pipe2(ends, 0x80000 /* O_CLOEXEC */)) != 0)
            throw new IOException($"No pipe could be opened: {Marshal.GetLastPInvokeErrorMessage()}");
        if (Mac)
        {
            CloseOnExec(ends[0]);
            CloseOnExec(ends[1]);
        }
        return (ends[0], ends[1]);
    }

    /// <summary>
    /// Creates a named pipe and opens it for reading and writing, so that the program's open does not block. The descriptor does not block either: a
    /// program that asks for verdicts and never reads one would fill the pipe, and the next answer would stop the slot forever.
    /// </summary>
    public static int NamedPipe(string path)
    {
        if (mkfifo(path, 0x180 /* 0600 */) != 0)
            throw new IOException($"The pipe {path} could not be created: {Marshal.GetLastPInvokeErrorMessage()}");
        var opened = open(path, O_RDWR | (Mac ? 0x1000000 : 0x80000) /* O_CLOEXEC */ | (Mac ? 4 : 0x800) /* O_NONBLOCK */);
        return opened >= 0 ? opened : throw new IOException($"The pipe {path} could not be opened: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>Writes a short text to a pipe. Errors are ignored, because the reader may have ended or may not read.</summary>
    public static void Write(int descriptor, string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        fixed (byte* start = bytes)
            _ = write(descriptor, start, (nuint)bytes.Length);
    }

    /// <summary>Opens a descriptor that becomes readable when the process ends; −1 if the system has none.</summary>
    public static int OpenProcess(int id) => OperatingSystem.IsLinux() ? (int)syscall(434 /* pidfd_open */, id, 0) : -1;

    /// <summary>Makes this process the parent of orphaned descendants, so that they can be found and reaped.</summary>
    public static void BecomeSubreaper()
    {
        if (OperatingSystem.IsLinux())
            _ = prctl(36 /* PR_SET_CHILD_SUBREAPER */, 1, 0, 0, 0);
    }

    private static void Check(int error)
    {
        if (error != 0)
            throw new IOException("The C library could not prepare a process: there is not enough memory.");
    }

    private static void CloseOnExec(int descriptor) => _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC);

    private static byte** Vector(IReadOnlyList<string> texts)
    {
        var vector = (byte**)NativeMemory.AllocZeroed((nuint)(texts.Count + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < texts.Count; i++)
            vector[i] = (byte*)Marshal.StringToCoTaskMemUTF8(texts[i]);
        return vector;
    }

    private static void Free(byte** vector)
    {
        for (var i = 0; vector[i] is not null; i++)
            Marshal.FreeCoTaskMem((nint)vector[i]);
        NativeMemory.Free(vector);
    }

    [LibraryImport(C, SetLastError = true)]
    public static partial int poll(PollFd* descriptors, nuint count, int milliseconds);

    [LibraryImport(C, SetLastError = true)]
    public static partial nint read(int descriptor, byte* buffer, nuint count);

    [LibraryImport(C, SetLastError = true)]
    private static partial nint write(int descriptor, byte* buffer, nuint count);

    [LibraryImport(C)]
    public static partial int close(int descriptor);

    [LibraryImport(C, SetLastError = true)]
    public static partial int kill(int process, int signal);

    [LibraryImport(C, SetLastError = true)]
    public static partial int waitpid(int process, out int status, int options);

    [LibraryImport(C, SetLastError = true)]
    private static partial int pipe(int* ends);

    [LibraryImport(C, SetLastError = true)]
    private static partial int pipe2(int* ends, int flags);

    [LibraryImport(C, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);

    [LibraryImport(C, SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int open(string path, int flags);

    [LibraryImport(C)]
    private static partial int fcntl(int descriptor, int command, int argument);

    [LibraryImport(C)]
    private static partial nint syscall(nint number, nint first, nint second);

    [LibraryImport(C)]
    private static partial int prctl(int option, nuint a, nuint b, nuint c, nuint d);

    [LibraryImport(C)]
    private static partial int sigfillset(byte* set);

    [LibraryImport(C)]
    private static partial int sigemptyset(byte* set);

    [LibraryImport(C)]
    private static partial int posix_spawnattr_init(byte* attributes);

    [LibraryImport(C)]
    private static partial int posix_spawnattr_destroy(byte* attributes);

    [LibraryImport(C)]
    private static partial int posix_spawnattr_setflags(byte* attributes, short flags);

    [LibraryImport(C)]
    private static partial int posix_spawnattr_setsigdefault(byte* attributes, byte* set);

    [LibraryImport(C)]
    private static partial int posix_spawnattr_setsigmask(byte* attributes, byte* set);

    [LibraryImport(C)]
    private static partial int posix_spawn_file_actions_init(byte* actions);

    [LibraryImport(C)]
    private static partial int posix_spawn_file_actions_destroy(byte* actions);

    [LibraryImport(C, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addopen(byte* actions, int descriptor, string path, int flags, uint mode);

    [LibraryImport(C)]
    private static partial int posix_spawn_file_actions_adddup2(byte* actions, int from, int to);

    [LibraryImport(C, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn_file_actions_addchdir_np(byte* actions, string path);

    [LibraryImport(C, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int posix_spawn(out int id, string file, byte* actions, byte* attributes, byte** arguments, byte** environment);
}

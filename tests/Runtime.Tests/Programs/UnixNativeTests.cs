using Sweeps.Programs;
using Tests.Shared;

namespace Runtime.Tests.Programs;

public class UnixNativeTests
{
    [Fact]
    public async Task An_answer_to_a_program_that_reads_none_does_not_wait_for_it()
    {
        if (OperatingSystem.IsWindows())
            return;
        using var folder = new TemporaryFolder();
        var pipe = UnixNative.NamedPipe(folder["verdicts"]);

        // The pipe of Linux holds 64 KB.
        await Task.Run(() =>
        {
            for (var epoch = 0; epoch < 10_000; epoch++)
                UnixNative.Write(pipe, "{\"epoch\": 1, \"verdict\": \"continue\"}\n");
        }).WaitAsync(TimeSpan.FromSeconds(60));

        _ = UnixNative.close(pipe);
    }
}

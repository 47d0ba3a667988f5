using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary>Runs that ask for GPUs, with an <c>nvidia-smi</c> that is only pretended.</summary>
public sealed class ProgramResourceTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    [UnixFact]
    public void Each_run_sees_the_devices_it_was_dealt_and_its_environment_has_no_secret()
    {
        Write("nvidia-smi", "#!/bin/sh\necho 'GPU-aaaa, Pretended 1'\necho 'GPU-bbbb, Pretended 2'\n");
        Write("train.sh", """
            #!/bin/sh
            echo "devices=$CUDA_VISIBLE_DEVICES order=$CUDA_DEVICE_ORDER threads=$OMP_NUM_THREADS store=$SWEEP_STORE secret=$MY_SECRET passed=$PASSED input=$(cat | wc -c)"
            echo '@sweep {"epoch": 1, "loss": 1}'
            """);
        File.WriteAllText(folder["sweep.yaml"], """
            program: train.sh
            method: grid
            metric: {name: loss, goal: minimize}
            resources: {cpus: 1, gpus: 1}
            env: [PASSED]
            parameters: {x: {values: [1, 2, 3]}}
            """);

        var (exit, output, errors) = SweepProcess.RunWith(
            new() { ["PATH"] = $"{folder.Path}:{Environment.GetEnvironmentVariable("PATH")}", ["MY_SECRET"] = "s3cret", ["PASSED"] = "yes" },
            folder["home"], "run", folder["sweep.yaml"], "--slots", "3");

        Assert.True(exit == (int)ExitCode.Done, output + errors);
        for (var run = 0; run < 3; run++)
            Assert.Matches(
                @"devices=GPU-(aaaa|bbbb) order=PCI_BUS_ID threads=1 store= secret= passed=yes input=0",
                SweepProcess.Run(folder["home"], "logs", $"{run}").Output);
    }

    public void Dispose() => folder.Dispose();

    private void Write(string name, string text)
    {
        File.WriteAllText(folder[name], text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}

using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary>Runs that need GPUs, with a fake <c>nvidia-smi</c>.</summary>
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

    [UnixFact]
    public void The_values_of_environment_variables_are_not_in_the_output_and_one_in_the_file_is_warned_of()
    {
        Write("train.sh", "#!/bin/sh\necho '@sweep {\"epoch\": 1, \"loss\": 1}'\n");
        File.WriteAllText(folder["sweep.yaml"], """
            program: train.sh
            command: ['${program}', '--token=${envvar:MY_TOKEN}', '${args}']
            method: grid
            metric: {name: loss, goal: minimize}
            env: {OTHER_TOKEN: abc}
            parameters: {x: {values: [1]}}
            """);

        var (exit, output, errors) = SweepProcess.RunWith(new() { ["MY_TOKEN"] = "s3cret" }, folder["home"], "run", folder["sweep.yaml"]);

        Assert.True(exit == (int)ExitCode.Done, output + errors);
        Assert.Contains("The log keeps this file with the value of OTHER_TOKEN. To pass on the node's own: env: [OTHER_TOKEN]", errors, StringComparison.Ordinal);
        var logged = SweepProcess.Run(folder["home"], "logs", "0").Output;
        Assert.Contains("'--token=${envvar:MY_TOKEN}'", logged, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(folder["home"], "*", SearchOption.AllDirectories).Where(file => !file.EndsWith("lock", StringComparison.Ordinal)))
            Assert.DoesNotContain("s3cret", File.ReadAllText(file), StringComparison.Ordinal);
    }

    public void Dispose() => folder.Dispose();

    private void Write(string name, string text)
    {
        File.WriteAllText(folder[name], text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(folder[name], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }
}

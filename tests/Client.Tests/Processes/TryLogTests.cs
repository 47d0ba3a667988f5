using System.Text.Json;
using Tests.Shared;

namespace Client.Tests.Processes;

/// <summary>
/// <c>sweep check FILE --try-log LOG</c>: the metrics that a sweep file's patterns find in the recorded output of a program.
/// </summary>
public sealed class TryLogTests : IDisposable
{
    private const string Log = """
        Loading data
        Epoch 1/3 - loss: 0.91 - val_loss: 0.88
        Epoch 2/3 - loss: 0.71 - val_loss: 0.69
        Epoch 3/3 - loss: 0.62 - val_loss: nan
        done
        """;

    private readonly TemporaryFolder folder = new();

    [UnixFact]
    public void Reports_are_shown_with_their_lines_and_a_pattern_is_suggested_where_there_are_none()
    {
        File.WriteAllText(folder["log.txt"], Log);
        File.WriteAllText(folder["train.py"], "");

        var without = Check("", 0);
        Assert.Contains("5 lines, 0 reports of val_loss", without, StringComparison.Ordinal);
        var suggested = without.Split('\n').Single(line => line.StartsWith("  pattern: ", StringComparison.Ordinal)).Trim();

        // The suggested pattern works without change, and so does a pattern that names the epoch.
        foreach (var pattern in (string[])[suggested, @"pattern: 'Epoch (?<epoch>\d+)/.*val_loss: (?<val_loss>\S+)'"])
        {
            var found = Check($"reports: pattern\n{pattern}\n", 0);
            Assert.Contains("5 lines, 3 reports of val_loss", found, StringComparison.Ordinal);
            Assert.Matches(@"line 3 +epoch (2|\(counted\)) .*val_loss 0.69", found);
        }
        var json = JsonDocument.Parse(Check(@"pattern: 'Epoch (?<epoch>\d+)/.*val_loss: (?<val_loss>\S+)'", 0, "-o", "json")).RootElement;
        Assert.Equal([2, 3, 4], json.GetProperty("reports").EnumerateArray().Select(report => report.GetProperty("line").GetInt32()));
        Assert.Equal(JsonValueKind.Null, json.GetProperty("reports")[2].GetProperty("metrics").GetProperty("val_loss").ValueKind);

        // If the metric is not in the log, the message lists the metrics that are. A missing log is an error.
        File.WriteAllText(folder["log.txt"], "@sweep {\"epoch\": 1, \"accuracy\": 0.5}\n");
        Assert.Contains("Found too, but without 'val_loss' after it: accuracy", Check("", 0), StringComparison.Ordinal);
        File.Delete(folder["log.txt"]);
        Assert.Contains("log.txt", Check("", 2), StringComparison.Ordinal);
    }

    /// <summary>A progress bar overwrites its line: a run reads only the last text of it, and so does the trial.</summary>
    [UnixFact]
    public void A_line_is_what_a_run_reads_as_a_line()
    {
        File.WriteAllText(folder["train.py"], "");
        File.WriteAllText(folder["log.txt"], "start\n\n\r 50%|## | val_loss=3\r100%|####| val_loss=2\n\r100%|####| val_loss=1\n");

        var found = Check(@"pattern: 'val_loss=(?<val_loss>\S+)'", 0);

        Assert.Contains("4 lines, 2 reports of val_loss", found, StringComparison.Ordinal);
        Assert.Matches(@"line 3 .*val_loss 2", found);
        Assert.Matches(@"line 4 .*val_loss 1", found);
    }

    public void Dispose() => folder.Dispose();

    private string Check(string more, int expected, params string[] options)
    {
        File.WriteAllText(folder["sweep.yaml"], $"program: train.py\nmethod: grid\nmetric: {{name: val_loss, goal: minimize}}\nparameters: {{lr: {{values: [1]}}}}\n{more}");
        var (exit, output, errors) = SweepProcess.Run(folder["home"], ["check", folder["sweep.yaml"], "--try-log", folder["log.txt"], .. options]);
        Assert.True(exit == expected, output + errors);
        return output + errors;
    }
}

using System.Diagnostics;
using Parquet;
using Tests.Shared;

namespace Client.Tests.Processes;

public class ExportTests
{
    // Python reads the exported files and compares them with each other.
    private const string Check = """
        import csv, json, sqlite3, sys
        rows = list(csv.DictReader(open('epochs.csv', newline='', encoding='utf-8')))
        objects = json.load(open('epochs.json', encoding='utf-8'))
        database = sqlite3.connect('all.sqlite')
        table = database.execute('select run, epoch, at, value from epochs').fetchall()
        assert len(rows) == len(objects) == len(table) == 24, (len(rows), len(objects), len(table))
        for row, one, cells in zip(rows, objects, table):
            assert float(row['value']) == one['metrics']['value'] == cells[3], (row, one, cells)
            assert (int(row['run']), int(row['epoch'])) == (one['run'], one['epoch']) == cells[:2]
        runs = list(csv.DictReader(open('runs.csv', newline='', encoding='utf-8')))
        texts = {'a,b', 'say "x"', 'two\nlines', ' spaces ', '日本語', '=1+1'}
        assert {run['odd'] for run in runs} == texts, {run['odd'] for run in runs}
        assert {odd for (odd,) in database.execute('select odd from runs')} == texts
        assert database.execute('select typeof(x1), typeof(width), typeof(odd) from runs').fetchone() == ('real', 'integer', 'text')
        print('same')
        """;

    [Fact]
    public async Task Every_format_has_the_same_numbers_and_texts_for_other_programs()
    {
        using var folder = new TemporaryFolder();
        var home = folder["home"];
        File.WriteAllText(folder["odd.yaml"], """
            name: odd
            method: grid
            epochs: 4
            function: branin
            metric: {name: value, goal: minimize}
            parameters:
              x1: {value: 1.5}
              x2: {value: 2.25}
              width: {value: 64}
              odd: {values: ["a,b", 'say "x"', "two\nlines", " spaces ", 日本語, "=1+1"]}
            """);
        Assert.Equal(0, SweepProcess.Run(home, "simulate", folder["odd.yaml"], "--keep").ExitCode);

        foreach (var (runs, epochs) in (ReadOnlySpan<(string, string)>)[("runs.csv", "epochs.csv"), ("runs.json", "epochs.json"), ("runs.parquet", "epochs.parquet"), ("all.sqlite", "all.sqlite")])
        {
            var (exit, _, errors) = SweepProcess.Run(home, "export", "--runs", folder[runs], "--epochs", folder[epochs]);
            Assert.True(exit == 0, errors);
        }

        File.WriteAllText(folder["check.py"], Check);
        using var python = Process.Start(new ProcessStartInfo("python3", "check.py") { WorkingDirectory = folder.Path, RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (said, wrong) = (python.StandardOutput.ReadToEndAsync(), await python.StandardError.ReadToEndAsync());
        Assert.True((await said).Trim() == "same", wrong);

        await using var parquet = await ParquetReader.CreateAsync(folder["epochs.parquet"]);
        Assert.Equal(["run", "epoch", "at", "seconds", "cost", "value"], parquet.Schema.GetDataFields().Select(field => field.Name));
        Assert.Equal(24, parquet.OpenRowGroupReader(0).RowCount);

        var refused = SweepProcess.Run(home, "export", "--runs", folder["runs.xlsx"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("expected a file that ends with .csv, .parquet, .sqlite, .db or .json", refused.Errors, StringComparison.Ordinal);
        Assert.Equal(2, SweepProcess.Run(home, "export", "--runs", Path.Combine(folder.Path, "nowhere", "x.sqlite")).ExitCode);
        Assert.Empty(Directory.GetFiles(folder.Path, "*.tmp"));
    }
}

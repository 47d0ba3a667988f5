using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Sweeps.Programs;

namespace Runtime.Tests.Programs;

public class ReportReaderTests
{
    [Theory]
    [InlineData("@sweep {\"epoch\": 3, \"loss\": 0.5}", "3: loss=0.5")]
    [InlineData("  50%|#####     |\r@sweep {\"epoch\": 3, \"loss\": NaN, \"val\": {\"acc\": true}}  ", "3: loss=NaN val.acc=1")]
    [InlineData("@sweep {\"loss\": -Infinity, \"text\": \"a NaN\", \"list\": [1]}", "?: loss=-∞")]
    [InlineData("@sweep {\"loss\": \"0.25\", \"none\": null}", "?: loss=0.25")]
    [InlineData("@sweep{\"epoch\": 1, \"loss\": 2}", "1: loss=2")]
    [InlineData("50%|#####     | 5/10@sweep {\"epoch\": 1, \"loss\": 2}", "1: loss=2")]
    [InlineData("write lines such as @sweep {json}", null)]
    [InlineData("@sweeper {\"loss\": 1}", null)]
    [InlineData("@sweep {\"epoch\": null, \"loss\": 1}", "?: loss=1")]
    [InlineData("@sweep {\"epoch\": 1.5, \"loss\": 1}", null)]
    [InlineData("@sweep [1]", null)]
    [InlineData("@sweep {\"loss\": 1", null)]
    [InlineData("loss 0.5", null)]
    public void A_line_of_standard_output_is_a_report_when_it_says_so(string line, string? expected) =>
        Assert.Equal(expected, Show(new ReportReader("loss", []).Output(line)));

    [Fact]
    public void Metrics_without_the_objective_belong_to_the_next_report_that_has_it()
    {
        var reader = new ReportReader("loss", []);

        Assert.Null(reader.Report("{\"acc\": 0.9}"));
        Assert.Equal(["acc"], reader.Seen);
        Assert.Equal("?: acc=0.9 loss=2", Show(reader.Report("{\"loss\": 2}")));
        Assert.Equal("?: loss=1", Show(reader.Report("{\"loss\": 1}")));
        Assert.Null(reader.Report("nonsense"));
        Assert.StartsWith("of its report 'nonsense', it is not JSON", reader.Mistake, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("2.5")]
    [InlineData("\"three\"")]
    [InlineData("[1]")]
    public void An_epoch_that_is_not_a_whole_number_is_refused(string epoch)
    {
        var reader = new ReportReader("loss", []);

        Assert.Null(reader.Report($"{{\"epoch\": {epoch}, \"loss\": 1}}"));
        Assert.EndsWith($"the epoch is {epoch}; expected a whole number from 0 on", reader.Refused, StringComparison.Ordinal);
        Assert.Equal(reader.Refused, reader.Mistake);
        Assert.Empty(reader.Seen);
    }

    [Fact]
    public void A_mark_inside_a_line_that_no_report_follows_is_told()
    {
        var reader = new ReportReader("loss", []);

        Assert.Null(reader.Output("done @sweep {\"loss\": 1} at last"));
        Assert.StartsWith("of its report '{\"loss\": 1} at last', it is not JSON", reader.Mistake, StringComparison.Ordinal);
        Assert.Null(reader.Refused);
    }

    [Fact]
    public void A_text_with_half_of_a_character_is_left_out_and_such_a_name_is_a_mistake_of_the_report()
    {
        var reader = new ReportReader("loss", []);

        Assert.Equal("?: loss=0.5", Show(reader.Report("""{"loss": 0.5, "file": "\udcff"}""")));
        Assert.Null(reader.Report("""{"loss": 0.5, "\udcff": 1}"""));
        Assert.Contains("half of a surrogate pair", reader.Mistake, StringComparison.Ordinal);
    }

    [Fact]
    public void Patterns_find_metrics_in_one_line_or_in_several()
    {
        var one = new ReportReader("val_loss", [new Regex(@"epoch (?<epoch>\d+): loss (?<loss>\S+) val (?<val_loss>\S+)")]);
        Assert.Equal("4: loss=0.3 val_loss=0.25", Show(one.Output("INFO epoch 4: loss 0.3, val 0.25.")));

        var several = new ReportReader("val_loss", [new Regex(@"Epoch (?<epoch>\d+)/"), new Regex(@"val_loss: (?<val_loss>[\d.e+-]+)")]);
        Assert.Null(several.Output("Epoch 2/10"));
        Assert.Equal("2: val_loss=0.001", Show(several.Output("100/100 - val_loss: 1e-3")));
    }

    [Fact]
    public void Lines_are_cut_out_of_any_pieces_and_a_line_without_end_is_bounded()
    {
        var lines = new List<string>();
        var splitter = new LineSplitter(lines.Add);
        foreach (var piece in "one\r\ntw|o ä\n|\nlast".Split('|'))
            splitter.Add(Encoding.UTF8.GetBytes(piece));
        splitter.End();
        for (var i = 0; i < 3; i++)
            splitter.Add(new byte[LineSplitter.MaxLineBytes]);
        splitter.Add("\nnext\n"u8);

        Assert.Equal(["one", "two ä", "last"], lines.Take(3).Where(line => line.Length > 0));
        Assert.Equal((LineSplitter.MaxLineBytes, "next"), (lines[^2].Length, lines[^1]));
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Of_a_long_progress_line_the_end_is_kept(string end)
    {
        var lines = new List<string>();
        var splitter = new LineSplitter(lines.Add);
        var bar = Encoding.UTF8.GetBytes($"{new string('=', 999)}\r");
        for (var step = 0; step < 3 * LineSplitter.MaxLineBytes / bar.Length; step++)
            splitter.Add(bar);
        splitter.Add(Encoding.UTF8.GetBytes($"val_loss: 0.5{end}\n"));
        // The carriage return after a text without any is the last byte of those that arrived.
        splitter.Add(Encoding.UTF8.GetBytes(new string('x', 2 * LineSplitter.MaxLineBytes) + '\r'));
        splitter.Add(Encoding.UTF8.GetBytes($"val_loss: 0.4{end}"));

        Assert.Equal(2, lines.Count);
        Assert.All(lines, line => Assert.InRange(line.Length, 1, LineSplitter.MaxLineBytes));
        Assert.Equal(["val_loss: 0.5", "val_loss: 0.4"], lines.Select(line => line.Split('\r')[^1]));
        Assert.Equal(4, splitter.Number);
    }

    private static string? Show(ProgramReport? report) => report is null ? null
        : $"{report.Epoch?.ToString(CultureInfo.InvariantCulture) ?? "?"}: "
            + string.Join(' ', report.Metrics.OrderBy(m => m.Key, StringComparer.Ordinal).Select(m => string.Create(CultureInfo.InvariantCulture, $"{m.Key}={m.Value}"))).Replace("Infinity", "∞", StringComparison.Ordinal);
}

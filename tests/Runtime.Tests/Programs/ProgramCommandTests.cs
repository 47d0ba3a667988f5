using Sweeps.Core;
using Sweeps.Files;
using Sweeps.Programs;

namespace Runtime.Tests.Programs;

/// <summary>
/// The macros of <c>command</c>, with the rules of W&amp;B's agent (wandb/sdk/launch/sweeps/utils.py and wandb/wandb_agent.py).
/// </summary>
public class ProgramCommandTests
{
    private static readonly Configuration Point = new(
    [
        new("lr", new Value.Number(1e-5)), new("big", new Value.Number(1e16)), new("whole", new Value.Number(2)), new("third", new Value.Number(1.0 / 3)),
        new("units", new Value.Integer(64)), new("amp", new Value.Boolean(true)), new("nesterov", new Value.Boolean(false)), new("note", Value.Null.Instance),
        new("name", new Value.Text("it's ä")), new("sizes", new Value.List([new Value.Integer(4), new Value.Text("a")])),
        new("optimizer.lr", new Value.Number(0.5)), new("optimizer.inner.beta", new Value.Number(0.9)), new("plain.dot", new Value.Integer(1)),
    ]);

    [Theory]
    [InlineData("${env}", "/usr/bin/env")]
    [InlineData("${interpreter}", "python")]
    [InlineData("${program}", "train.py")]
    [InlineData("${args}", "--amp=True|--big=1e+16|--lr=1e-05|--name=it's ä|--nesterov=False|--note=None|--optimizer={'inner': {'beta': 0.9}, 'lr': 0.5}|--plain.dot=1|--sizes=[4, 'a']|--third=0.3333333333333333|--units=64|--whole=2.0")]
    [InlineData("${args_no_hyphens}", "amp=True|big=1e+16|lr=1e-05|name=it's ä|nesterov=False|note=None|optimizer={'inner': {'beta': 0.9}, 'lr': 0.5}|plain.dot=1|sizes=[4, 'a']|third=0.3333333333333333|units=64|whole=2.0")]
    [InlineData("${args_no_boolean_flags}", "--amp|--big=1e+16|--lr=1e-05|--name=it's ä|--note=None|--optimizer={'inner': {'beta': 0.9}, 'lr': 0.5}|--plain.dot=1|--sizes=[4, 'a']|--third=0.3333333333333333|--units=64|--whole=2.0")]
    [InlineData("${args_json}", """{"amp": true, "big": 1e+16, "lr": 1e-05, "name": "it's \u00e4", "nesterov": false, "note": null, "optimizer": {"inner": {"beta": 0.9}, "lr": 0.5}, "plain.dot": 1, "sizes": [4, "a"], "third": 0.3333333333333333, "units": 64, "whole": 2.0}""")]
    [InlineData("${args_json_file}", "/run/config.json")]
    [InlineData("${envvar:HOME_2}", "/home/ann")]
    [InlineData("--out=${envvar:HOME_2}/x", "--out=/home/ann/x")]
    [InlineData("${envvar:MISSING}", "MISSING")]
    [InlineData("--x=${args}", "--x=${args}")]
    public void A_macro_is_a_whole_entry_and_becomes_arguments(string entry, string expected) =>
        Assert.Equal(expected, string.Join('|', ProgramCommand.Expand([entry], Values)));

    [Theory]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00012, "0.00012")]
    [InlineData(123456789012345680.0, "1.2345678901234568e+17")]
    [InlineData(1234567890123456.0, "1234567890123456.0")]
    [InlineData(-0.0, "-0.0")]
    [InlineData(5e-324, "5e-324")]
    [InlineData(double.NaN, "nan")]
    [InlineData(double.NegativeInfinity, "-inf")]
    public void Numbers_are_written_as_Python_writes_them(double number, string expected) => Assert.Equal(expected, PythonText.Str(new Value.Number(number)));

    [Theory]
    [InlineData("command: python train.py", "x.yaml:4:10: 'command' must be a list with one entry per argument")]
    [InlineData("command: ['${interpreter}', '${program}']", "'program' is missing: name the file of the program")]
    [InlineData("trainable: program", "needs 'program', the file of the program, or 'command'")]
    [InlineData("program: a.py\ncommand: ['${args_jsn}']", "x.yaml:5:11: Unknown macro '${args_jsn}'. Did you mean '${args_json}'?")]
    [InlineData("program: a.py\nlimits: {memory: lots}", "'limits.memory' must be a size such as 4GB, 512MB or a number of bytes; received 'lots'.")]
    [InlineData("program: a.py\nresources: {gpus: 1.5}", "'resources.gpus' must be 0, a share below 1, or a whole number of GPUs")]
    [InlineData("program: a.py\npattern: 'loss: (.*)'", "'pattern' names no metric")]
    [InlineData("program: a.py\nenv: {SWEEP_RUN: 3}", "is set by sweep itself")]
    public void Mistakes_have_their_place(string keys, string mistake)
    {
        var refused = Assert.Throws<SweepFileException>(() => SweepFile.Parse(
            $"method: random\nmetric: {{name: loss}}\nparameters: {{x: {{values: [1, 2]}}}}\n{keys}", "x.yaml"));
        Assert.Contains(mistake, refused.Message, StringComparison.Ordinal);
    }

    private static CommandValues Values => new(
        ["/usr/bin/env"], "python", "train.py", ProgramCommand.Arguments(Point, new HashSet<string> { "optimizer", "optimizer.inner" }), "/run/config.json",
        name => name == "HOME_2" ? "/home/ann" : null);
}

using System.Runtime.CompilerServices;
using Sweeps.Core;
using Sweeps.Log.Folder;
using Sweeps.Programs;
using Sweeps.Programs.Drill;
using Sweeps.Programs.Python;
using Tests.Shared;

namespace Runtime.Tests.Programs;

/// <summary>The drill finds the fault in each faulty program, and nothing in the correct ones.</summary>
public sealed class ProgramDrillTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    /// <summary>A fault as a change of <c>adam.py</c>, and a text that the drill must print.</summary>
    [PythonTheory]
    [InlineData("random state", "        self.random.setstate((state[0], tuple(state[1]), state[2]))\n", "", "The random state was lost (program.random)")]
    [InlineData("generator without a seed", "random.Random(sweep_report.seed())", "random.Random()", "does not reproduce itself even undisturbed")]
    [InlineData("optimizer", "        self.moments, self.squares = moments, squares\n", "", "The optimizer's state was lost")]
    [InlineData("step of the optimizer", "        self.step = step\n", "", "A count was lost (program.step is 20, expected 60)")]
    [InlineData("schedule", "        self.rate = rate\n", "", "The schedule was lost (program.rate is 0.08")]
    [InlineData("data order", "        self.order = order\n", "", "The data order was lost (program.order)")]
    [InlineData("weights", "    program.load(sweep_report.checkpoint_folder() / \"state.json\")\n", "    pass\n", "The weights were lost: the resumed run is that of a fresh start.")]
    [InlineData("digits", "json.dump([self.random.getstate(), self.weights,", "json.dump([self.random.getstate(), [round(weight, 7) for weight in self.weights],", "Digits were lost")]
    [InlineData("state before the epoch", "    loss = program.train_epoch()\n    with sweep_report.checkpoint(epoch) as folder:\n        program.save(folder / \"state.json\")\n",
        "    with sweep_report.checkpoint(epoch) as folder:\n        program.save(folder / \"state.json\")\n    loss = program.train_epoch()\n", "marked with epoch 2, it holds the state after epoch 1")]
    [InlineData("counts from 1", "in sweep_report.epochs(99)", "in range(1, 99)", "It counts its epochs from 1 after a resume from epoch 2")]
    [InlineData("ignores its checkpoint", "if sweep_report.epoch() > 0:", "os.environ['SWEEP_EPOCH'] = '0'\nif False:", "It does not read its checkpoint")]
    [InlineData("a path inside the checkpoint", "            state, weights, moments, squares, step, rate, order = json.load(file)\n",
        "            state, weights, moments, squares, step, rate, order = json.load(file)\n        open(open(str(path) + '.where').read())\n", "It could not be resumed from the checkpoint of epoch 2: ")]
    [InlineData("no checkpoint", "    with sweep_report.checkpoint(epoch) as folder:\n        program.save(folder / \"state.json\")\n", "", "The program keeps no checkpoint")]
    public void A_planted_fault_is_found(string fault, string sound, string faulty, string sentence)
    {
        var source = File.ReadAllText(Path.Combine(Here(), "drill/adam.py"));
        Assert.Contains(sound, source, StringComparison.Ordinal);
        var results = Drill("adam.py", source.Replace(sound, faulty, StringComparison.Ordinal));

        Assert.True(results.Any(result => result.Fault?.Contains(sentence, StringComparison.Ordinal) == true), $"{fault}: {string.Join('\n', results)}");
        Assert.All(results.Where(result => result.Fault?.Contains("lost", StringComparison.Ordinal) == true), result => Assert.True(result.Difference > 0));
    }

    [PythonTheory]
    [InlineData("adam.py", "")]
    // The generator is seeded with the epoch.
    [InlineData("seeded by epoch", "        self.random.shuffle(self.order)\n=>        self.order = list(range(len(DATA)))\n        random.Random(self.step).shuffle(self.order)\n")]
    // The order of each epoch does not depend on the previous one.
    [InlineData("fresh order", "        self.random.shuffle(self.order)\n=>        self.order = self.random.sample(range(len(DATA)), len(DATA))\n")]
    // A checkpoint every second epoch: a resume repeats one.
    [InlineData("every second epoch", "    with sweep_report.checkpoint(epoch) as folder:\n        program.save(folder / \"state.json\")\n=>    if epoch % 2 == 0:\n        with sweep_report.checkpoint(epoch) as folder:\n            program.save(folder / \"state.json\")\n")]
    // The global generator of the module random, and a pickled state.
    [InlineData("pickle", "            json.dump([self.random.getstate(), self.weights, self.moments, self.squares, self.step, self.rate, self.order], file)\n=>            pass\n        import pickle\n        open(path, 'wb').write(pickle.dumps(self.__dict__))\n#            state, weights, moments, squares, step, rate, order = json.load(file)\n        self.random.setstate((state[0], tuple(state[1]), state[2]))\n        self.weights = weights\n        self.moments, self.squares = moments, squares\n        self.step = step\n        self.rate = rate\n        self.order = order\n=>            pass\n        import pickle\n        self.__dict__.update(pickle.load(open(path, 'rb')))\n")]
    // The program also writes its state on SIGTERM.
    [InlineData("signal", "program = Program(config)\n=>program = Program(config)\nimport signal\nsignal.signal(signal.SIGTERM, lambda *_: os._exit(0))\n")]
    // The program trains in a child process.
    [InlineData("child", "    loss = program.train_epoch()\n=>    import multiprocessing\n    child = multiprocessing.get_context('fork').Process(target=int)\n    child.start()\n    loss = program.train_epoch()\n    child.join()\n")]
    // Lines on standard output instead of the module.
    [InlineData("lines", "    sweep_report.report(epoch, loss=loss)\n=>    print('@sweep', json.dumps({'epoch': epoch, 'loss': loss}), flush=True)\n    if epoch == int(os.environ['SWEEP_UNTIL']): break\n")]
    public void A_sound_program_passes(string name, string changes)
    {
        var source = File.ReadAllText(Path.Combine(Here(), "drill/adam.py"));
        foreach (var change in changes.Split('#', StringSplitOptions.RemoveEmptyEntries))
        {
            var (old, changed) = (change.Split("=>")[0], change.Split("=>")[1]);
            Assert.Contains(old, source, StringComparison.Ordinal);
            source = source.Replace(old, changed, StringComparison.Ordinal);
        }
        var results = Drill("adam.py", source);

        Assert.True(results.All(result => result.Fault is null) && results.Count == 4, $"{name}: {string.Join('\n', results)}");
    }

    [PythonFact]
    public void A_wandb_script_with_a_checkpoint_passes()
    {
        var results = Drill("script.py", """
            import os, wandb
            path = os.path.join(os.environ["SWEEP_CHECKPOINT"], "loss")
            with wandb.init(config={"rate": 0.5}) as run:
                loss = float(open(path).read()) if run.resumed else 1.0
                for epoch in range(run.step, 9):
                    loss *= 1 - run.config.rate
                    with open(path, "w") as file: file.write(repr(loss))
                    with open(os.path.join(os.environ["SWEEP_CHECKPOINT"], "epoch"), "w") as file: file.write(str(epoch + 1))
                    run.log({"loss": loss, "epoch": epoch})
            """);

        Assert.True(results.All(result => result.Fault is null) && results.Count == 4, string.Join('\n', results));
    }

    [Fact]
    public void A_shell_script_passes()
    {
        if (OperatingSystem.IsWindows())
            return;
        File.Copy(Path.GetFullPath(Path.Combine(Here(), "../../../experiments/programs/halving.sh")), folder["halving.sh"]);
        var results = Drill(new ProgramSpec("halving.sh", ["sh", "${program}", "--start=1000", "--rate=30"], folder[""]), "error");

        Assert.True(results.All(result => result.Fault is null) && results.Count == 4, string.Join('\n', results));
    }

    public void Dispose() => folder.Dispose();

    private List<DrillResult> Drill(string name, string source)
    {
        File.WriteAllText(folder[name], source);
        return Drill(new ProgramSpec(name, [PythonFactAttribute.Interpreter!, "${program}"], folder[""]) { StopGrace = TimeSpan.FromSeconds(2) }, "loss");
    }

    private List<DrillResult> Drill(ProgramSpec spec, string objective)
    {
        var host = new ProgramHost
        {
            Work = _ => folder["work"], Outputs = new FolderOutputs(new SweepHome(folder["home"])), Artifacts = _ => folder["artifacts"],
            Modules = new(() => PythonModules.Unpack(folder["modules"])),
        };
        return [.. new ProgramDrill(spec, objective, Configuration.Empty, host, 4, TimeProvider.System).Run(CancellationToken.None)];
    }

    private static string Here([CallerFilePath] string here = "") => Path.GetDirectoryName(here)!;
}

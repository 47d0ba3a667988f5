using System.Globalization;
using System.Text;
using Client.Output;
using Client.Views;
using Engine.Data;
using Sweeps.Core;

namespace Reports;

/// <summary>Writes <c>docs/experiments.md</c> and its figures from the kept logs. The same logs give the same files, byte for byte.</summary>
internal sealed class ExperimentPage(Experiments experiments)
{
    private readonly StringBuilder page = new();

    private string Docs => Path.Combine(experiments.Root, "docs");

    /// <summary>The page as text; figures are written to <paramref name="figures"/> where it is given.</summary>
    public string Compose(string? figures)
    {
        page.Clear();
        Say("""
            # The five reports, reproduced

            Five course reports searched these spaces by hand, with NumPy and an account. Each of their sweeps is a file in
            [experiments/reports](../experiments/reports). This page is written from the logs of those sweeps: `experiments/reports/build` runs what has no
            log yet and writes it anew, `experiments/reports/build --page` only writes it. "Theirs" is what a report says, "ours" the log. Accuracies are in
            percent; a test accuracy is that of the weights of the best epoch, and was looked at once. One image in 10,000 is 0.01 points; two runs of one configuration
            with other seeds differ by about 0.3. Times are of two cores that had other work beside most of these sweeps: compare epochs.

            """);
        ReportA(figures);
        ReportB(figures);
        ReportC(figures);
        ReportD(figures);
        ReportE();
        Beyond();
        Race();
        return page.ToString();
    }

    /// <summary>Writes the page and its figures.</summary>
    public void Write()
    {
        var figures = Path.Combine(Docs, "figures");
        Directory.CreateDirectory(figures);
        AtomicFile.Write(Path.Combine(Docs, "experiments.md"), stream => stream.Write(Encoding.UTF8.GetBytes(Compose(figures))));
    }

    private void ReportA(string? figures)
    {
        Say("""
            ## A. A grid of 11,664 points on Fashion-MNIST

            Epochs 5 or 10, three to five layers of 32, 64 or 128, weight decay 0, 0.0005 or 0.5, rate 0.001 or 0.0001, six optimizers, batches of 16, 32 or 64,
            random or Xavier initialization, sigmoid, tanh or relu. Three searches of the same points under 600 epochs each.

            """);
        Methods(["A-random", "A-tpe", "A-asha"], 0.867);
        if (experiments.Read("A-asha") is { } asha)
        {
            ModelFigures("A-asha", figures, images: true);
            Figures(asha, figures);
            Say("Importance is a parameter's share of the variance of the accuracy; a correlation above 0 says that runs with this value, or with larger ones, were better.");
            Correlations(asha);
        }
        foreach (var name in (string[])["A-random", "A-tpe", "A-asha"])
            Confirmed(name);
        if (experiments.Read("A-random") is { } random)
            Observations(random);
        Say("### Its recommended configuration\n");
        Rows("A-recommended", "configuration", ["86.7"], ["84.14"]);
        Say("""
            The report's gap of 2.6 points between validation and test is 4.5 standard deviations of two samples of that size: its test part was scaled otherwise, or
            belongs to another model. Its validation accuracy lies between ours with the decay and without it:

            """);
        Rows("A-recommended-variants", "configuration", [], []);
        Say("""
            ### Cross-entropy against squared error

            """);
        Rows("A-losses", "configuration", [], []);
        Say("### Three configurations on MNIST\n");
        Rows("A-mnist", "configuration", [], ["98.4", "98.2", "97.5"]);
        Say("""
            A decay of 0.0005, which adam scales like a gradient, costs the first network a point. Without it ten epochs do not reach the report's figures either, and
            at a rate of 0.0001 the third network needs forty epochs for 96.4:

            """);
        Rows("A-mnist-variants", "configuration", [], []);
    }

    private void ReportB(string? figures)
    {
        Say("## B. Grid, random and Bayesian search on Fashion-MNIST\n\nThe report's own names; 600 epochs each. Its best run has 88.82, its worst 9.95.\n");
        string[] methods = ["B-grid", "B-random", "B-bayes", "B-tpe", "B-asha", "B-bohb"];
        Methods(methods, 0.8882);
        if (experiments.Read("B-bayes") is { } bayes)
        {
            ModelFigures("B-bayes", figures);
            Figures(bayes, figures);
            Correlations(bayes);
        }
        var worst = methods.Select(experiments.Read).OfType<KeptSweep>()
            .SelectMany(sweep => sweep.Searched.Where(run => run.State == RunState.Finished).Select(run => (sweep, run, Value: sweep.History.BestOf(run) ?? double.NaN)))
            .Where(one => double.IsFinite(one.Value)).OrderBy(one => one.Value).FirstOrDefault();
        if (worst.sweep is not null)
            Say($"Our worst finished run has {Percent(worst.Value)} ({worst.sweep.Name}, run {worst.run.Number}: `{worst.sweep.History.NameOf(worst.run)}`).\n");
        Say("### Its worst run\n\nMomentum at rate 0.01, five layers of 128, tanh. A rate of 0.32 is what 0.01 becomes when gradients are summed over a batch of 32 instead of averaged: the report's figure needs that.\n");
        Rows("B-worst", "configuration", ["9.95"], []);
        Say("### Three configurations on MNIST (validation)\n");
        Rows("B-mnist", "configuration", ["97.31", "97.0", "96.7"], []);
    }

    private void ReportC(string? figures)
    {
        Say("## C. Twenty-seven networks of one hidden layer on MNIST\n\nEarly stopping and a plateau schedule. Their best: relu, He, batches of 22, validation loss 0.0819, 97.91 %.\n");
        Rows("C-curves", "configuration", [], []);
        Say("The report's best, with three seeds:\n");
        Rows("C-best", "configuration", [], ["97.91"]);
        ModelFigures("C-curves", figures);
        if (figures is null || experiments.Read("C-curves") is not { } curves)
            return;
        foreach (var size in (string[])["1", "22", "full"])
        {
            var runs = curves.History.State.Runs.Where(run => run.Configuration["batch_size"]?.ToString() == size);
            Figure(figures, $"C-curves-{size}", $"validation loss with batches of {size}", SweepFigures.Curves(curves.History, runs, curves.Log, "val_loss"));
        }
    }

    private void ReportD(string? figures)
    {
        Say("## D. Cross-entropy and squared error as two sweeps\n\nReport A's space without decay; 400 epochs each.\n");
        Methods(["D-grid-cross-entropy", "D-grid-squared-error", "D-bayes-cross-entropy", "D-bayes-squared-error"], 0.88);
        Paired("D-grid-cross-entropy", "D-grid-squared-error", "cross-entropy", "squared error");
        ModelFigures("D-bayes-cross-entropy", figures);
        Say("### Its three best configurations on MNIST\n");
        Rows("D-mnist", "configuration", [], []);
    }

    /// <summary>What the runs of two sweeps that have the same configuration say of what differs between the two files.</summary>
    private void Paired(string first, string second, string firstWord, string secondWord)
    {
        if (experiments.Read(first) is not { } one || experiments.Read(second) is not { } two)
            return;
        var others = two.Searched.ToDictionary(two.History.NameOf, two.History.BestOf);
        var differences = one.Searched.Where(run => others.GetValueOrDefault(one.History.NameOf(run)) is not null)
            .Select(run => one.History.BestOf(run) - others[one.History.NameOf(run)]).OfType<double>().Where(double.IsFinite).ToList();
        Say($"{differences.Count} configurations of the grid were trained with both: {firstWord} is better in {differences.Count(difference => difference > 0)} of them, {secondWord} in {differences.Count(difference => difference < 0)}, "
            + $"with a median difference of {Percent(Median(differences))} points.\n");
    }

    private void ReportE()
    {
        Say("## E. Dense and convolutional networks on Fashion-MNIST\n\n### Dense networks\n");
        Rows("E-dense", "network", [], ["88.25", "88.15", "88.35", "87.87", "87.96", "88.55", "88.34", "88.46"]);
        TwoStages(
            "E-convolutions", ["87.69", "82.93", "41.62", "91.55", "90.52", "64.28", "91.30", "90.92", "66.16", "91.42", "90.34", "64.83", "92.37", "92.35"],
            ["88.68", "83.37", "41.29", "91.79", "91.42", "67.42", "91.69", "91.19", "67.61", "91.79", "91.00", "65.80", "92.37", "92.35"]);
    }

    /// <summary>One line per convolutional network: its test accuracy, and that of the dense network trained on its features.</summary>
    private void TwoStages(string name, string[] convolutions, string[] dense)
    {
        Say("### Convolutions, and dense networks on their features\n");
        if (experiments.Read(name) is not { } sweep)
        {
            Say($"{name} has not been run.\n");
            return;
        }
        Say("| network | test, theirs | ours | dense on its features, theirs | ours | epochs of the dense network |\n|---|---|---|---|---|---|");
        var runs = sweep.History.State.Runs;
        foreach (var (row, run) in runs.Where(run => Source(run) is null).Index())
        {
            var second = runs.FirstOrDefault(other => Source(other) == run.Number);
            Say($"| `{sweep.History.NameOf(run)}` | {convolutions[row]} | {Percent(KeptSweep.Test(run))} | {dense[row]} | {(second is null ? "–" : Percent(KeptSweep.Test(second)))} | {second?.Epoch} |");
        }
        Say("""

            Ours are of one seed, at the epoch of the best validation accuracy, and were looked at once; theirs are the best test accuracy of all epochs, which gains
            some tenths. The network of the fourth row again, with other seeds and batches, of which the report states neither: with the same batch size it differs
            by half a point from the table, and smaller batches do not help.

            """);
        Rows("E-batches", "batch size", [], ["91.55", "91.55", "91.55"]);

        static int? Source(SweepRun run) => int.TryParse(run.Configuration["features_of"]?.ToString(), CultureInfo.InvariantCulture, out var source) ? source : null;
    }

    private void Beyond()
    {
        Say("## Beyond the reports\n\nEach file was run as it stands, on two cores of an AMD EPYC that had other work. A row has the mean over the seeds in the file, all of them, and the least and the most; the test part was "
            + "looked at once, when all were trained. These files stop no run early: no epoch was saved.\n\n"
            + "| file | configuration | seeds | test, asked | test | validation | epochs of the file | time | epochs/s |\n|---|---|---|---|---|---|---|---|---|");
        foreach (var (name, asked) in (ReadOnlySpan<(string, string)>)[("Beyond-dense", "91.0"), ("Beyond-dense-mirrored", "91.0"), ("Beyond-dense-moved", "91.0"), ("Beyond-cnn", "93.5"), ("Beyond-mnist", "99.0")])
            if (experiments.Read(name) is { } sweep)
                foreach (var runs in sweep.Configurations())
                    Say($"| `{name[7..]}.yaml` | `{runs[0].Name}` | {runs.Count} | {asked} | {Spread(runs.Select(one => KeptSweep.Test(one.Run)))} | {Spread(runs.Select(one => sweep.Accuracy(one.Run)))} "
                        + $"| {sweep.SearchEpochs} | {Duration(sweep.Took)} | {(sweep.SearchEpochs / sweep.Took.TotalSeconds).ToString("0.00", CultureInfo.InvariantCulture)} |");
        Say("""

            The dense network was found with seed 1 and the file has fresh seeds. The tries, each with one seed and its test accuracy seen: twice the width
            with mirrored images only (test 90.8), twice the epochs with mirrored images only (90.9), moved images without dropout and with 0.1 for 80 epochs (90.7
            and 91.0), and with 0.1 for 160 epochs (91.4): moved images need little dropout and many epochs.

            """);
    }

    /// <summary>The table of <c>tests/Benchmarks -- race 5 27 3</c>, which has no log.</summary>
    private void Race() => Say("""
        ## The whole job, raced

        `dotnet run -c Release --project tests/Benchmarks -- race 5 27 3`: the same 27 configurations of report A's space in the same order, nine epochs each at most, on
        the same two cores of an AMD EPYC. This product and Optuna (5.0.0.dev of 2026-08-21, two processes on one journal file, Debian's PyTorch 1.13 with one thread
        each) stop early by the same successive halving at epochs 1 and 3; the NumPy script trains one configuration after another, with NumPy's threads, for at most
        three minutes. Medians of five seeds; *accuracy* is the best validation accuracy after 11 s, when this product has ended.

        | | s to 88.8 % | epochs to it | s in all | epochs | accuracy |
        |---|---:|---:|---:|---:|---:|
        | this product | 10.4 | 67 | 10.9 | 73 | 88.90 |
        | Optuna and PyTorch | not in 161.7 | not in 83 | 74.1 | 75 | 86.72 |
        | NumPy script | not in 181.4 | not in 169 | > 180.8 | 154 of 243 | 86.28 |

        The whole job takes Optuna and PyTorch 6.8 times as long. The NumPy script trained 154 of its 243 epochs in three minutes: all would take 285 s at that speed, 26 times as long.
        """);

    /// <summary>One line per sweep of the same space: how far it got, and after how many epochs it reached a figure of the report.</summary>
    private void Methods(IReadOnlyList<string> names, double target)
    {
        Say($"| sweep | runs | epochs | best validation | its test | epochs to {Percent(target)} | time |\n|---|---|---|---|---|---|---|");
        foreach (var name in names)
        {
            if (experiments.Read(name) is not { Best: { } best } sweep)
                Say($"| {name} | not run | | | | | |");
            else
                Say($"| {name} | {sweep.Searched.Count} | {sweep.SearchEpochs} | {Percent(sweep.History.BestOf(best))} | {Percent(KeptSweep.Test(best))} | {sweep.EpochsTo(target)?.ToString(CultureInfo.InvariantCulture) ?? "not reached"} | {Duration(sweep.Took)} |");
        }
        Say("");
    }

    /// <summary>One line per configuration, with the report's figures beside ours: the mean over its seeds, and the least and the most of them.</summary>
    private void Rows(string name, string what, string[] validation, string[] test)
    {
        if (experiments.Read(name) is not { } sweep)
        {
            Say($"{name} has not been run.\n");
            return;
        }
        Say($"| {what} | seeds | validation, theirs | ours | test, theirs | ours | best epoch |\n|---|---|---|---|---|---|---|");
        foreach (var (row, runs) in sweep.Configurations().Index())
            Say($"| `{runs[0].Name}` | {runs.Count} | {Theirs(validation, row)} | {Spread(runs.Select(one => sweep.Accuracy(one.Run)))} | {Theirs(test, row)} "
                + $"| {Spread(runs.Select(one => KeptSweep.Test(one.Run)))} | {string.Join(", ", runs.Select(one => one.Run.BestEpoch))} |");
        Say("");

        static string Theirs(string[] figures, int row) => row < figures.Length ? figures[row] : "";
    }

    /// <summary>What the confirmation with fresh seeds says of the best runs of a search.</summary>
    private void Confirmed(string name)
    {
        if (experiments.Read(name) is not { } sweep || sweep.History.State.Confirmation is not { } confirmation)
            return;
        var race = ConfirmationRace.Of(sweep.History.State, confirmation);
        var objective = sweep.History.Spec.Objective;
        Say($"{name}, trained again with fresh seeds and validation parts:\n\n| run | in the search | seeds | mean | 95 % |\n|---|---|---|---|---|");
        foreach (var run in race.Runs)
            Say($"| {run.Run}: `{sweep.History.NameOf(sweep.History.State.Runs[run.Run])}` | {Percent(objective.Orient(run.First))} | {run.Count} | {Percent(objective.Orient(run.Mean))} "
                + $"| {(double.IsNaN(run.HalfWidth) ? "–" : "±" + Percent(run.HalfWidth))} |");
        Say($"\n{(race.Runs.Count > 1 ? ReviewText.Verdict(race) : "")}\n");
    }

    /// <summary>What reports of this space observe, and what the runs of a random search say after the five epochs that all of them have.</summary>
    private void Observations(KeptSweep sweep)
    {
        const int Epochs = 5;
        Say("### Observations\n");
        Categories(sweep, Epochs);
        var runs = sweep.Searched.Where(run => run.Epoch >= Epochs).Select(run => (run.Configuration, Value: sweep.ValueAt(run, Epochs))).ToList();
        Say("Runs with a decay of 0.5 are left out below, but for the first line; a difference counts at 95 %.\n\n| observation | supported here | numbers |\n|---|---|---|");
        var strong = Of("weight_decay", "0.5").ToList();
        Row("a decay of 0.5 keeps a network at chance", strong.Max() < 0.2, $"best of {strong.Count} such runs {Percent(strong.Max())}");
        Compare("adam and nadam are better than sgd", "optimizer", ["adam", "nadam"], ["sgd"]);
        Compare("nadam is better than adam", "optimizer", ["nadam"], ["adam"]);
        Compare("Xavier is better than random initialization", "weight_init", ["xavier"], ["random"]);
        Compare("relu and tanh learn faster than sigmoid", "activation", ["relu", "tanh"], ["sigmoid"]);
        Compare("a rate of 0.001 is better than 0.0001", "learning_rate", ["0.001"], ["0.0001"]);
        Compare("layers of 128 are better than layers of 32", "hidden_size", ["128"], ["32"]);
        Compare("batches of 16 are better than batches of 64", "batch_size", ["16"], ["64"]);
        var best = sweep.Values.Max();
        Row("a configuration reaches close to 95 %", best > 0.94, $"best of {sweep.Searched.Count} runs {Percent(best)}");
        Say("");

        IEnumerable<double> Of(string parameter, params string[] values) => runs.Where(one => values.Contains(Value(one.Configuration, parameter))).Select(one => one.Value);

        void Compare(string claim, string parameter, string[] better, string[] worse)
        {
            var kept = runs.Where(one => Value(one.Configuration, "weight_decay") != "0.5").ToList();
            var (first, second) = (Of(better).ToList(), Of(worse).ToList());
            var (share, error) = Superiority(first, second);
            Row(claim, Math.Abs(share - 0.5) < 1.96 * error ? null : share > 0.5,
                $"medians {Percent(Median(first))} of {first.Count} runs, {Percent(Median(second))} of {second.Count}; the first is better in {share:P0} of the pairs");

            IEnumerable<double> Of(string[] values) => kept.Where(one => values.Contains(Value(one.Configuration, parameter))).Select(one => one.Value);
        }

        void Row(string claim, bool? supported, string numbers) => Say($"| {claim} | {supported switch { true => "yes", false => "no", null => "cannot be told" }} | {numbers} |");

        static string Value(Configuration configuration, string parameter) => configuration[parameter]?.ToString() ?? "";
    }

    /// <summary>The runs of a search by the values of each parameter, at the epoch that most of them reached.</summary>
    private void Categories(KeptSweep sweep, int epochs)
    {
        var runs = sweep.Searched.Where(run => run.Epoch >= epochs).Select(run => (Run: run, Value: sweep.ValueAt(run, epochs))).ToList();
        Say($"The {runs.Count} runs of {sweep.Name} after {epochs} epochs, by one parameter at a time:\n\n| parameter | value | runs | median | best | below 65 % |\n|---|---|---|---|---|---|");
        foreach (var parameter in sweep.History.Varying.Where(parameter => parameter != "epochs"))
            foreach (var group in runs.GroupBy(one => one.Run.Configuration[parameter]?.ToString() ?? "").OrderByDescending(group => Median(group.Select(one => one.Value))))
                Say($"| {parameter} | {group.Key} | {group.Count()} | {Percent(Median(group.Select(one => one.Value)))} | {Percent(group.Max(one => one.Value))} | {group.Count(one => one.Value < 0.65)} |");
        Say("");
    }

    /// <summary>
    /// In what share of all pairs the first value is larger, ties counting half, and the standard error of that share if both came from one distribution
    /// (Mann and Whitney 1947).
    /// </summary>
    private static (double Share, double Error) Superiority(List<double> first, List<double> second)
    {
        var larger = first.Sum(one => second.Sum(other => one > other ? 1 : one < other ? 0 : 0.5));
        double pairs = first.Count * second.Count;
        return (larger / pairs, Math.Sqrt((first.Count + second.Count + 1) / (12 * pairs)));
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }

    private void Correlations(KeptSweep sweep)
    {
        if (SweepAnalysis.Of(sweep.History, sweep.Log) is not { } analysis)
            return;
        Say($"\nOf {analysis.Parameters.Compared} runs at epoch {analysis.Parameters.Epoch}:\n\n| parameter | importance | correlation (Spearman) |\n|---|---|---|");
        foreach (var row in analysis.Rows)
            Say($"| {row.Parameter} | {row.Fanova:P0} | {string.Join(", ", row.Correlations.Select(one => $"{(row.Correlations.Count > 1 ? one.Category + " " : "")}{Signed(one.Spearman)}"))} |");
        Say("");
    }

    private void Figures(KeptSweep sweep, string? figures)
    {
        if (figures is null)
            return;
        Figure(figures, $"{sweep.Name}-objective", "validation accuracy of each run in order of creation", SweepFigures.Objective(sweep.History));
        Figure(figures, $"{sweep.Name}-parallel", "parallel coordinates", SweepFigures.ParallelCoordinates(sweep.History));
    }

    /// <summary>The confusion matrix of a sweep's best model, and an image of each class where <paramref name="images"/>.</summary>
    private void ModelFigures(string name, string? figures, bool images = false)
    {
        if (figures is null)
            return;
        if (images && experiments.ModelFigure(name, "classes") is { } classes)
            Figure(figures, $"{name}-classes", "an image of each class", classes);
        if (experiments.ModelFigure(name, "confusion") is { } confusion)
            Figure(figures, $"{name}-confusion", "confusion matrix of the best run on the test part", confusion);
    }

    private void Figure(string folder, string name, string alternative, string svg)
    {
        File.WriteAllText(Path.Combine(folder, name + ".svg"), svg);
        Say($"![{alternative}](figures/{name}.svg)\n");
    }

    private void Say(string text) => page.Append(text.ReplaceLineEndings("\n")).Append('\n');

    private static string Spread(IEnumerable<double?> accuracies)
    {
        var values = accuracies.OfType<double>().ToArray();
        return values.Length < 2 ? Percent(values.FirstOrDefault(double.NaN)) : $"{Percent(values.Average())} ({Percent(values.Min())} to {Percent(values.Max())})";
    }

    private static string Percent(double? value) => value is { } share && double.IsFinite(share) ? (100 * share).ToString("0.00", CultureInfo.InvariantCulture) : "–";

    private static string Signed(double value) => Math.Round(value, 2).ToString("+0.00;−0.00;0.00", CultureInfo.InvariantCulture);

    private static string Duration(TimeSpan time) => time.TotalHours >= 1 ? time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) : time.ToString(@"m\:ss", CultureInfo.InvariantCulture);
}

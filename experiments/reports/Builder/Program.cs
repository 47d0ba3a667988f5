using Reports;

// build ROOT [--page]: runs what has no log yet, then writes docs/experiments.md and its figures.
var experiments = new Experiments(args[0]);
if (!args.Contains("--page"))
    foreach (var name in experiments.Missing())
        if (await experiments.RunAsync(name) is not 0 and var code)
            return code;
new ExperimentPage(experiments).Write();
return 0;

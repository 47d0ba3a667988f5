using Benchmarks;

switch (args)
{
    case ["search", .. var rest]:
        SearchBenchmark.Run(rest);
        return 0;
    case ["machine", .. var rest]:
        MachineBenchmark.Run(rest);
        return 0;
    case ["coordinator", .. var rest]:
        await CoordinatorBenchmark.RunAsync(rest);
        return 0;
    case ["engine", .. var rest]:
        return EngineBenchmark.Run(rest);
    case ["lending"]:
        return await LendingBenchmark.RunAsync();
    case ["kernels"]:
        return KernelBenchmark.Run();
    case ["table"]:
        TableBenchmark.Run();
        return 0;
    case ["cluster", .. var rest]:
        return await ClusterBenchmark.RunAsync(rest);
    case ["race", .. var rest]:
        return RaceBenchmark.Run(rest);
    case ["programs", .. var rest]:
        await ProgramBenchmark.RunAsync(rest);
        return 0;
    case ["recovery", .. var rest]:
        return await RecoveryBenchmark.RunAsync(rest);
    case ["page", .. var rest]:
        return await PageBenchmark.RunAsync(rest);
    default:
        Console.Error.WriteLine(
            "Usage: dotnet run -c Release --project tests/Benchmarks -- search [regret SEEDS [FUNCTION …] | strategies SEEDS [FIRST [STRATEGY …]] | rules | confirm SEEDS] | machine [RUNS] | coordinator [RUNS SLOTS] | engine [torchsharp] [A B C D E] | lending | kernels | table | cluster [RUNS EPOCHS [PACE_MS] | training [ROUNDS]] | programs [RUNS | kills [KILLS]] | recovery [KILLS] | race [SEEDS [CONFIGURATIONS [MINUTES]]] | page [RUNS … | live]");
        return 2;
}

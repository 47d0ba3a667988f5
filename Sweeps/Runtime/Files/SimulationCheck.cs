using Sweeps.Core;
using Sweeps.Training.Functions;

namespace Sweeps.Files;

/// <summary>Finds, before anything starts, what a sweep over a table or a function lacks.</summary>
internal static class SimulationCheck
{
    /// <summary>Diagnostics an unknown function, and parameters that are missing.</summary>
    public static void Run(SweepSpec spec, Diagnostics diagnostics)
    {
        switch (spec.Trainable)
        {
            case TrainableSpec.Table when spec.Space.Find("row") is null:
                diagnostics.Mistake(null, "A table is searched by its rows, but there is no parameter 'row'. For a thousand rows add: row: {min: 0, max: 999}");
                break;
            case TrainableSpec.Function function when FunctionRegistry.Find(function.Name) is null:
                diagnostics.Mistake(null, $"There is no function '{function.Name}'. {DidYouMean.Hint(function.Name, FunctionRegistry.Names)}");
                break;
            case TrainableSpec.Function function:
                var missing = FunctionRegistry.Get(function.Name).Space.Parameters.Select(parameter => parameter.Name)
                    .Where(name => spec.Space.Find(name) is null).ToArray();
                if (missing.Length > 0)
                    diagnostics.Mistake(null, $"The function '{function.Name}' needs parameters that are missing: {string.Join(", ", missing)}.");
                break;
        }
    }
}

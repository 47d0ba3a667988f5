using Sweeps.Core;

namespace Sweeps.Files.Sections;

/// <summary><c>budget</c>: the most a sweep may cost.</summary>
internal static class BudgetSection
{
    /// <summary>The budget; no limits when the file names none.</summary>
    public static Budget Read(Section top)
    {
        if (top.TakeSection("budget") is not { } budget)
            return new Budget();
        var epochs = budget.TakeInteger("epochs", 1);
        var time = Duration.Take(budget, "time");
        budget.End();
        return new Budget(epochs, time);
    }
}

using Engine.Data;
using Engine.Networks;
using Engine.Tests.Support;
using Engine.Training;

namespace Engine.Tests.Training;

/// <summary>Every registered name trains. A new entry is tested automatically.</summary>
public sealed class EveryNameTests
{
    public static TheoryData<string, string> All
    {
        get
        {
            var all = new TheoryData<string, string>();
            Add("optimizer", Optimizers.Names);
            Add("activation", Activations.Names);
            Add("initializer", Initializers.Names);
            Add("loss", Losses.Names);
            Add("schedule", Schedules.Names);
            Add("scaling", Scalings.Names);
            return all;

            void Add(string kind, IEnumerable<string> names)
            {
                foreach (var name in names)
                    all.Add(kind, name);
            }
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void It_learns(string kind, string name)
    {
        var options = new TrainingOptions { HiddenSizes = [30], Activations = ["tanh"], BatchSize = 16 };
        options = kind switch
        {
            "optimizer" => options with { Optimizer = name },
            "activation" => options with { Activations = [name] },
            "initializer" => options with { Initializer = name },
            "loss" => options with { Loss = name },
            "schedule" => options with { Schedule = name },
            _ => options with { Scaling = name },
        };
        var task = kind == "loss" ? Losses.Catalog.Find(name).Tasks[^1] : LearningTask.Classification;
        var data = task switch { LearningTask.Regression => Tables.Regression(), LearningTask.MultiLabel => Tables.MultiLabel(), _ => Blobs.Make() };
        using var trainer = new Trainer(data, options, 1);
        var first = trainer.TrainEpoch(default);
        for (var i = 0; i < 6; i++)
            trainer.TrainEpoch(default);

        var last = trainer.TrainEpoch(default);

        Assert.Null(last.Diverged);
        Assert.True(last.TrainLoss < first.TrainLoss, $"The loss went from {first.TrainLoss} to {last.TrainLoss}.");
        var score = last.ValidationAccuracy ?? last.ValidationMetrics[0];
        Assert.True(score > 0.5, $"The accuracy, or R² of regression, of the validation part is {score}.");
        Assert.True(last.GradientNorm > 0 && double.IsFinite(last.GradientNorm));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void It_is_found_by_its_name_and_suggested_for_others(string kind, string name)
    {
        var error = kind switch
        {
            "optimizer" => Assert.Throws<EngineException>(() => Optimizers.Catalog.Find("x")),
            "activation" => Assert.Throws<EngineException>(() => Activations.Catalog.Find("x")),
            "initializer" => Assert.Throws<EngineException>(() => Initializers.Catalog.Find("x")),
            "loss" => Assert.Throws<EngineException>(() => Losses.Catalog.Find("x")),
            "schedule" => Assert.Throws<EngineException>(() => Schedules.Catalog.Find("x")),
            _ => Assert.Throws<EngineException>(() => Scalings.Catalog.Find("x")),
        };

        Assert.Contains($"There is no {kind} 'x'", error.Message, StringComparison.Ordinal);
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }
}

using Sweeps.Core;
using Sweeps.Training.Functions;
using Sweeps.Training;
using static Core.Tests.Support.Point;

namespace Runtime.Tests.Training;

public class FunctionTrainableTests
{
    private static readonly FunctionTrainable Branin = new(new Branin(), 0.1, Fidelity.Linear, _ => 9);

    [Fact]
    public void A_session_reports_the_function_epoch_by_epoch()
    {
        using var session = Branin.Start(Vector(1, 2), 7);
        var third = Train(session, 3)[^1];
        var (value, cost) = new Branin().Evaluate(Vector(1, 2), new FidelityLevel(3, 9, Fidelity.Linear), 7, 0.1);
        Assert.Equal(3, third.Epoch);
        Assert.Equal(value, third.Metrics[FunctionTrainable.Metric]);
        Assert.Equal(cost, third.Seconds);
    }

    [Fact]
    public void A_session_goes_on_from_a_checkpoint_as_if_nothing_had_happened()
    {
        using var whole = Branin.Start(Vector(1, 2), 7);
        var expected = Train(whole, 9)[^1].Metrics[FunctionTrainable.Metric];
        using var first = Branin.Start(Vector(1, 2), 7);
        Train(first, 4);
        using var checkpoint = new MemoryStream();
        first.Save(checkpoint);
        checkpoint.Position = 0;
        using var second = Branin.Start(Vector(1, 2), 7);
        second.Load(checkpoint);
        Assert.Equal(expected, Train(second, 5)[^1].Metrics[FunctionTrainable.Metric]);
    }

    [Fact]
    public void A_configuration_without_the_parameters_cannot_start() =>
        Assert.Contains("x2", Assert.Throws<ConfigurationException>(() => Branin.Start(Of(("x1", 1.0)), 0)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_foreign_checkpoint_is_refused()
    {
        using var session = Branin.Start(Vector(1, 2), 7);
        Assert.Throws<InvalidDataException>(() => session.Load(new MemoryStream([1, 2])));
    }

    [Fact]
    public void A_pace_makes_every_epoch_wait_and_a_cancelled_wait_trains_nothing()
    {
        var clock = new Impatient();
        using var session = new PacedTrainable(Branin, TimeSpan.FromSeconds(5), clock).Start(Vector(1, 2), 7);
        using var plain = Branin.Start(Vector(1, 2), 7);

        Assert.Equal(Train(plain, 3).Select(report => report.Metrics["value"]), Train(session, 3).Select(report => report.Metrics["value"]));
        Assert.Equal(Enumerable.Repeat(TimeSpan.FromSeconds(5), 3), clock.Waits);
        Assert.ThrowsAny<OperationCanceledException>(() => session.TrainEpoch(new CancellationToken(canceled: true)));
        Assert.Equal(3, session.Epoch);
    }

    /// <summary>A clock whose delays end immediately.</summary>
    private sealed class Impatient : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }

    private static List<EpochReport> Train(ITrainingSession session, int epochs) =>
        [.. Enumerable.Range(0, epochs).Select(_ => session.TrainEpoch(CancellationToken.None))];
}

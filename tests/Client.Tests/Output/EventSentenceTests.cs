using Client.Output;
using Sweeps.Core;

namespace Client.Tests.Output;

public class EventSentenceTests
{
    private static readonly Reason Reason = new("asha", 1);

    private static readonly SweepEvent[] Others =
    [
        new RunStopped(1, Reason), new RunFailed(1, 1, "it crashed", Permanent: true), new RunLost(1, 1, "node-1", "no heartbeat"), new RunReleased(1, 1, "node-1"),
        new EpochsWasted(1, 1, 2), new RunNoted(1, 1, NoteTopic.Program, "train.py at commit 1234"), new RunNoted(1, 1, NoteTopic.Differs, "epoch 2 differs"),
        new HookRan(Hook.Best), new HookRan(Hook.End, "answered 500"),
        new ReviewStarted(Audit: true, [3, 4], 0, SweepOutcome.Finished, Reason), new ReviewStarted(Audit: false, [1, 2], 5, SweepOutcome.Finished, Reason),
    ];

    [Fact]
    public void Every_kind_of_event_has_a_sentence()
    {
        var events = ExampleHistory.Log.Select(logged => logged.Event).Concat(Others).ToList();

        Assert.Equal(
            typeof(SweepEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(SweepEvent))).Select(type => type.Name).Order(),
            events.Select(one => one.GetType().Name).Distinct().Order());
        Assert.All(events, one => Assert.DoesNotContain("newer version", Sentence(one), StringComparison.Ordinal));
        Assert.EndsWith("run 1: program train.py at commit 1234", Sentence(Others[5]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_note_of_a_run_is_about_this_run() => Assert.Equal(1, EventSentence.RunOf(new RunNoted(1, 1, NoteTopic.Differs, "")));

    private static string Sentence(SweepEvent one) => EventSentence.Of(new LoggedEvent(99, ExampleHistory.Log[^1].At, one), ExampleHistory.History);
}

using Client.Views;
using Client.Watching;

namespace Client.Tests.Output;

public class PlainDisplayTests
{
    [Fact]
    public void A_new_best_is_said_once_and_the_pace_only_after_a_silence()
    {
        var lines = new List<string>();
        var display = new PlainDisplay(lines.Add, TimeSpan.FromSeconds(10));

        display.Show(At(1));
        display.Show(At(2));
        display.Show(At(11));
        display.Show(At(12));

        Assert.Equal(
            [
                "0:01  val_accuracy 0.9651 so far  run 4 at epoch 9  hidden_size=128 optimizer=adam learning_rate=0.00211",
                "0:11  14 runs · 2 running · 7 waiting at a rung · 2 stopped early · 2 finished · 1 diverged · 41 epochs · 3.3 epochs/s",
            ],
            lines);
    }

    private static SweepView At(int seconds) => ExampleView.View with { Elapsed = TimeSpan.FromSeconds(seconds) };
}

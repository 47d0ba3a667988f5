using Client.Local;

namespace Client.Tests.Output;

public sealed class SweepFileEditTests
{
    private const string File = """
        # my sweep
        method: random   # cheap
        run_cap: 3       # for now
        early_terminate:
          # rungs
          type: asha
          min_iter: 1
        budget: {epochs: 9}   # of all runs
        parameters:
          x: {values: [1, 2]}   # few
        """;

    [Theory]
    [InlineData("run_cap", "5", "run_cap: 5       # for now")]
    [InlineData("early_terminate.min_iter", "2", "  min_iter: 2\nbudget")]
    [InlineData("early_terminate.eta", "4", "  # rungs\n  eta: 4\n  type: asha")]
    [InlineData("budget.epochs", "12", "budget: {epochs: 12}   # of all runs")]
    [InlineData("budget.time", "2h", "budget: {epochs: 9, time: 2h}   # of all runs")]
    [InlineData("parameters.x", "{values: [1, 2, 3]}", "  x: {values: [1, 2, 3]}   # few")]
    [InlineData("epochs", "7", "# few\nepochs: 7\n")]
    public void A_key_is_set_in_its_place_and_comments_are_kept(string key, string value, string expected)
    {
        var changed = SweepFileEdit.Set(File, [(key, value)]);

        Assert.Contains(expected, changed, StringComparison.Ordinal);
        foreach (var comment in (string[])["# my sweep", "# cheap", "# for now", "# rungs", "# of all runs", "# few"])
            Assert.Contains(comment, changed, StringComparison.Ordinal);
        Assert.Equal(value, SweepFileEdit.Values(changed).GetValueOrDefault(key, value));
    }

    [Fact]
    public void A_value_of_several_lines_is_replaced_whole()
    {
        var changed = SweepFileEdit.Set(File, [("early_terminate", "{type: median}"), ("run_cap", "4")]);

        Assert.Equal(("median", "4", false), (SweepFileEdit.Values(changed)["early_terminate.type"], SweepFileEdit.Values(changed)["run_cap"],
            SweepFileEdit.Values(changed).ContainsKey("early_terminate.min_iter")));
    }
}

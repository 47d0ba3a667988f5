using Client.Output;
using Sweeps.Core;

namespace Client.Tests.Output;

public class ReviewTextTests
{
    [Theory]
    [InlineData(-0.9, -0.8, "0.1000 worse, as the best of many looks better than it is")]
    [InlineData(-0.8, -0.9, "0.1000 better")]
    [InlineData(-0.8928, -0.8927999999999999, "the same")]
    public void The_shrinkage_of_a_first_impression_is_a_number_that_can_be_seen(double first, double mean, string text) =>
        Assert.Equal(text, ReviewText.Shrinkage(new ConfirmedRun(1, first, [mean])));
}

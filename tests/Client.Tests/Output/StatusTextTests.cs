using Client.Output;
using Sweeps.Core;

namespace Client.Tests.Output;

public sealed class StatusTextTests
{
    [Theory]
    [InlineData("its last epoch", "epoch 27 was its last")]
    [InlineData("the trainable ended by itself", "the trainable ended by itself after epoch 27")]
    public void The_end_of_a_run_is_a_sentence(string detail, string expected) =>
        Assert.Equal(expected, StatusText.OfReason(new Reason("epochs", 27, Value: 0.5, Detail: detail)));
}

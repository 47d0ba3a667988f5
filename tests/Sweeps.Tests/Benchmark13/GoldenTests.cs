using Tests.Shared;

namespace Sweeps.Tests.Benchmark13;

public class GoldenTests
{
    [Fact]
    public void Rows_come_in_the_published_order()
    {
        Assert.Equal([6, 3, 2, 9, 8, 1, 4, 7, 0, 5], new TaskSet.Rows(0, 10).Order);
        Assert.Equal([501, 996, 135, 909, 733, 285, 707, 923, 836, 56, 687, 719], new TaskSet.Rows(0, 1000).Order.Take(12));
    }

    [DataFact]
    public void Every_one_of_the_2880_reference_sweeps_is_reproduced_to_the_integer_and_the_digit()
    {
        var wrong = new List<string>();
        var sweeps = 0;
        foreach (var golden in TaskSet.Reference())
        {
            sweeps++;
            var actual = golden.Actual(TaskSet.Run(golden.Task, golden.Scheduler, golden.First, golden.Workers, golden.Seed));
            if (actual.ToString() != golden.ToString())
                wrong.Add($"expected {golden}\n     got {actual}");
        }
        Assert.Equal(2880, sweeps);
        Assert.True(wrong.Count == 0, $"{wrong.Count} sweeps differ:\n{string.Join('\n', wrong.Take(20))}");
    }
}

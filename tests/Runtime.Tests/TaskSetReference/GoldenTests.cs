using System.Globalization;
using Tests.Shared;

namespace Runtime.Tests.TaskSetReference;

public class GoldenTests(ReferenceSweeps sweeps) : IClassFixture<ReferenceSweeps>
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
        Assert.Equal(2880, sweeps.All.Length);
        var wrong = sweeps.All.Where(sweep => sweep.Expected.ToString() != sweep.Actual.ToString()).ToList();
        Assert.True(wrong.Count == 0, $"{wrong.Count} sweeps differ:\n{string.Join('\n', wrong.Take(20).Select(sweep => $"expected {sweep.Expected}\n     got {sweep.Actual}"))}");
    }

    [DataFact]
    public void Mean_regrets_agree_with_the_reference_table_within_two_standard_errors()
    {
        var rows = 0;
        foreach (var row in ReferenceSweeps.RegretTable())
        {
            var (first, workers) = (int.Parse(row[1], CultureInfo.InvariantCulture), int.Parse(row[2], CultureInfo.InvariantCulture));
            var actual = sweeps.All.Select(sweep => sweep.Actual).Where(sweep => sweep.Scheduler == row[0] && sweep.First == first && sweep.Workers == workers).ToList();
            Assert.Equal(80, actual.Count);
            for (var mark = 0; mark < 4; mark++)
            {
                var cell = row[3 + mark].Split('±').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToArray();
                var mean = actual.Average(sweep => ReferenceSweeps.Regret(sweep.Task, sweep.Best[mark]!.Value));
                Assert.True(Math.Abs(mean - cell[0]) <= 2 * cell[1], $"{string.Join(' ', row[..3])}, mark {mark}: {mean}, expected {row[3 + mark]}");
            }
            rows++;
        }
        Assert.Equal(36, rows);
    }
}

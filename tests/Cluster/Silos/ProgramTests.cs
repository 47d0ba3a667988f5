using Cluster.Harness;
using Sweeps.Core;
using Sweeps.Log.Postgres;
using Tests.Shared;

namespace Cluster.Silos;

/// <summary>Programs on the silos of a cluster: client, silos and programs are killed, and the epochs and the winner are those of an undisturbed sweep.</summary>
public sealed class ProgramTests
{
    [PostgresFact]
    public async Task Kills_of_client_silos_and_programs_change_nothing_and_the_output_is_in_the_store()
    {
        await using var sweeps = await ProgramKills.StartAsync(runs: 6, epochs: 8);
        var undisturbed = await sweeps.RunAsync("calm-abcde", kills: 0, seed: 7);
        var disturbed = await sweeps.RunAsync("killed-abcde", kills: 4, seed: 7);

        await sweeps.AssertSameAsync(undisturbed, disturbed);
        Assert.NotEmpty(disturbed.Facts<RunLost>());
        Assert.Contains("train.sh", Assert.Single(disturbed.Facts<RunNoted>().Select(note => note.Text).Distinct()), StringComparison.Ordinal);
        var output = await new PostgresOutputs(sweeps.Cluster.Database).ReadAsync("calm-abcde", 0, 0, CancellationToken.None);
        Assert.Contains("run 0 epoch 2", System.Text.Encoding.UTF8.GetString(output.Bytes), StringComparison.Ordinal);
    }
}

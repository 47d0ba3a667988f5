using Sweeps.Programs;
using Sweeps.Programs.Python;
using Tests.Shared;

namespace Runtime.Tests.Programs;

public class ScriptCaptureTests
{
    [PythonFact]
    public async Task A_script_that_does_not_reach_its_agent_is_ended_at_the_limit()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder["train.py"], "import time\ntime.sleep(600)\n");

        var problem = await Assert.ThrowsAsync<ProgramException>(() => ScriptCapture.RunAsync(
            PythonModules.Unpack(folder["python"]), "train.py", [], Path.GetDirectoryName(folder["train.py"])!, _ => { }, TimeSpan.FromSeconds(3), CancellationToken.None));

        Assert.Equal(
            "train.py was ended after 0.05 minutes, before it defined a sweep: what comes before wandb.agent runs once for the sweep and again in every run, "
                + "so put long work into the function that trains.",
            problem.Message);
    }
}

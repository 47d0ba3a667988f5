using Sweeps.Files;
using Sweeps.Programs;

namespace Runtime.Tests.Files;

/// <summary>
/// Files in the forms that public repositories have for <c>wandb sweep</c>, written anew: what is sound is read, and its first run has the command
/// line that W&amp;B's agent would start; what is not has a sentence with its place.
/// </summary>
public class WandbSampleTests
{
    private const string Metric = "metric: {name: val_loss, goal: minimize}\n";

    /// <summary>The form, its file, a pattern of the first command line, the number of configurations (−1: no end), and a part of its warnings.</summary>
    [Theory]
    [InlineData("the default command", "program: train.py\nmethod: grid\n" + Metric + "parameters:\n  lr:\n    values: [0.1, 0.01]\n  width:\n    value: 64\n",
        "^/usr/bin/env python train.py --lr=0.1 --width=64$", 2, "")]
    [InlineData("explicit distributions", "program: fit.py\nmethod: bayes\nmetric:\n  name: Validation/Accuracy\n  goal: maximize\nparameters:\n  epochs:\n    distribution: constant\n    value: 20\n"
        + "  size:\n    distribution: categorical\n    values:\n      - 64\n      - 100\n  cyclic:\n    distribution: categorical\n    values:\n      - True\n      - False\n"
        + "  units:\n    distribution: int_uniform\n    min: 4\n    max: 9\n  learning_rate:\n    distribution: log_uniform\n    min: -11\n    max: -2\n",
        "--cyclic=(True|False) --epochs=20 --learning_rate=[0-9.e-]+ --size=(64|100) --units=[4-9]$", -1, "exponents of e")]
    [InlineData("bands below max_iter", "program: train.py\nmethod: random\n" + Metric + "parameters:\n  decay:\n    values: [1e-5, 1e-6]\n  epochs:\n    value: 27\nearly_terminate:\n  type: hyperband\n  s: 2\n  eta: 3\n  max_iter: 27\n",
        "--decay=1e-0[56] --epochs=27$", 2, "YAML 1.1")]
    [InlineData("bands from min_iter, with an s that has no effect", "program: train.py\nmethod: bayes\n" + Metric + "parameters:\n  dropout: {distribution: uniform, min: 0.1, max: 0.5}\nearly_terminate:\n  type: hyperband\n  min_iter: 3\n  eta: 2\n  s: 3\n",
        "--dropout=0.[0-9]+$", -1, "'s' has no effect beside 'min_iter'")]
    [InlineData("all of min_iter, max_iter and s", "program: train.py\nmethod: random\n" + Metric + "parameters: {x: {values: [1, 2]}}\nearly_terminate: {type: hyperband, min_iter: 5, max_iter: 50, s: 2, eta: 3}\n",
        "--x=[12]$", 2, "'min_iter' has no effect")]
    [InlineData("Hydra: names with dots beside their group's own name", "program: main.py\nmetric:\n  name: test/accuracy\n  goal: maximize\n\nmethod: bayes\nparameters:\n  optimizer.config.learning_rate:\n    min: !!float 1e-5\n    max: 0.1\n"
        + "  experiment:\n    values: [exp1, exp2]\n  optimizer:\n    values: [sgd, adam]\n\ncommand:\n- ${env}\n- ${interpreter}\n- ${program}\n- +experiment=mnist       # which one\n- ${args_no_hyphens}\n",
        "^/usr/bin/env python main.py '?\\+experiment=mnist'? experiment=exp[12] optimizer=(sgd|adam) optimizer.config.learning_rate=", -1, "")]
    [InlineData("a shell script", "name: distributed\nmethod: grid\ndescription: which works best\nmetric:\n  name: batch/loss\n  goal: minimize\nparameters:\n  trainer.lr:\n    values: [0.00001, 0.001]\nprogram: './train.sh'\ncommand:\n  - ${env}\n  - ${program}\n  - ${args_no_hyphens}\n",
        "^/usr/bin/env ./train.sh trainer.lr=1e-05$", 2, "")]
    [InlineData("a module", "program: package.scripts.train\nmethod: grid\nmetric: {name: reward, goal: maximize}\ncommand:\n  - ${env}\n  - python\n  - -m\n  - ${program}\n  - Push-Cube\n  - --env.num-envs\n  - \"1024\"\n  - ${args_no_boolean_flags}\nparameters:\n  agent.seed: {values: [0, 1000]}\n  render: {value: false}\n  log: {value: true}\n",
        "^/usr/bin/env python -m package.scripts.train Push-Cube --env.num-envs 1024 --agent.seed=0 --log$", 2, "")]
    [InlineData("a command of its own", "project: denoise\nprogram: denoise-train\ncommand:\n- ${program}\n- ${args_no_boolean_flags}\nmethod: bayes\nmetric:\n    goal: maximize\n    name: SSIM\nparameters:\n    patch:\n        distribution: int_uniform\n        max: 128\n        min: 32\n    dryrun:\n        value: false\n",
        "^denoise-train --patch=[0-9]+$", 97, "without effect here: project")]
    [InlineData("no program at all", "method: grid\nmetric:\n  name: samples_per_sec\n  goal: maximize\ncommand:\n- ${env}\n- uv\n- run\n- ow\n- train\n- ${args_no_hyphens}\nparameters:\n  format:\n    values:\n    - 2p_16env\n    - 2p_32env\nrun_cap: 20\n",
        "^/usr/bin/env uv run ow train format=2p_16env$", 2, "")]
    [InlineData("a fixed file and arguments after it", "program: train.py\nmethod: random\nmetric: {name: val/accuracy, goal: maximize}\nparameters:\n  seed:\n    values: [1, 2]\n  class_weight:\n    values: [\"none\", \"balanced\"]\ncommand:\n  - ${env}\n  - python3\n  - ${program}\n  - --config\n  - configs/train.yaml\n  - ${args}\n",
        "^/usr/bin/env python3 train.py --config configs/train.yaml --class_weight=(none|balanced) --seed=[12]$", 4, "")]
    [InlineData("JSON and a variable", "program: train.py\nmethod: grid\n" + Metric + "parameters: {layers: {value: [64, 32]}, name: {value: \"it's\"}}\ncommand: [python, '${program}', '--data=${envvar:DATA}', '${args_json}']\n",
        "python train.py '--data=\\$\\{envvar:DATA\\}' '\\{\"layers\": \\[64, 32\\], \"name\": \"it", 1, "")]
    [InlineData("groups", "program: train.py\nmethod: random\n" + Metric + "parameters:\n  model:\n    parameters:\n      width: {values: [8, 16]}\n      deep: {parameters: {depth: {value: 3}}}\n  optimizer: {value: adam}\n",
        "'?--model=\\{'?.*deep.*depth.*width.*--optimizer=adam$", 2, "")]
    [InlineData("normal and quantized", "program: train.py\nmethod: random\nrun_cap: 50\n" + Metric + "parameters:\n  batch:\n    distribution: q_log_uniform_values\n    q: 8\n    min: 32\n    max: 256\n  noise: {distribution: normal, mu: 0, sigma: 0.1}\n  steps: {distribution: q_normal, mu: 100, sigma: 10, q: 10}\n",
        "--batch=[0-9]+ --noise=-?[0-9.e-]+ --steps=[0-9.]+$", -1, "")]
    [InlineData("with labels of W&B", "apiVersion: v1\nkind: sweep\nentity: team\nproject: p\nname: first\ncontroller: {type: cloud}\nprogram: train.py\nmethod: grid\nmetric: {name: loss, goal: minimize, target: 0.1}\nparameters: {x: {values: [no, off, 010, 1_000]}}\n",
        "--x=", 4, "without effect here: project, entity, apiVersion, kind, controller.")]
    public void A_sound_file_is_read(string form, string file, string line, long configurations, string warning)
    {
        var check = SpecCheck.Of(SweepFile.Parse(file, "sweep.yaml"));

        var program = Assert.IsType<ProgramSpec>(check.Spec.Trainable);
        Assert.Matches(line, program.CommandLineFor(check.Samples[0].Configuration));
        Assert.True((configurations < 0 ? null : (long?)configurations) == check.Space.Configurations, $"{form}: {check.Space.Configurations}");
        var warnings = string.Join('\n', check.File.Warnings);
        Assert.True(warnings.Contains(warning, StringComparison.Ordinal), $"{form}: {warnings}");
        Assert.DoesNotContain(check.ToString().Split('\n'), text => text.Contains("531441", StringComparison.Ordinal));
    }

    /// <summary>A file that W&amp;B refuses too, or that only W&amp;B's service can run, with its place and the sentence.</summary>
    [Theory]
    [InlineData("a template that was not filled in", "program: <insert>\nmethod: <insert>\n" + Metric + "parameters: {x: {values: [0]}}\n", "2:9", "method")]
    [InlineData("parameter for parameters", "program: t.py\nmethod: grid\n" + Metric + "parameter: {x: {values: [0]}}\n", "4:1", "'parameter'")]
    [InlineData("a parameter with a comment only", "program: t.py\nmethod: random\n" + Metric + "parameters:\n  lr:   # log-uniform\n  x: {values: [1]}\n", "5:", "lr")]
    [InlineData("bands without numbers", "program: t.py\nmethod: random\n" + Metric + "parameters: {x: {values: [1]}}\nearly_terminate: {type: hyperband, s: 0, eta: 0, max_iter: 0}\n", "5:39", "'early_terminate.s' must be")]
    [InlineData("max_iter without s", "program: t.py\nmethod: random\n" + Metric + "parameters: {x: {values: [1]}}\nearly_terminate: {type: hyperband, max_iter: 27}\n", "5:", "'hyperband' needs 'min_iter'")]
    [InlineData("a job of W&B's launch", "method: grid\nrun_cap: 10\njob: team/sweep-jobs/job-train:latest\nmetric: {name: epoch/val_loss, goal: minimize}\nparameters: {x: {values: [1]}}\nscheduler: {num_workers: 8}\n", "6:1", "'scheduler' belongs to W&B's custom schedulers")]
    [InlineData("a grid over a range", "program: t.py\nmethod: grid\n" + Metric + "parameters: {lr: {min: 0.1, max: 0.5}}\n", "4:", "grid")]
    [InlineData("bounds in the wrong order", "program: t.py\nmethod: random\n" + Metric + "parameters: {lr: {min: 0.5, max: 0.1}}\n", "4:", "min")]
    [InlineData("a command as one text", "program: t.py\nmethod: random\n" + Metric + "parameters: {x: {values: [1]}}\ncommand: python t.py ${args}\n", "5:10", "'command'")]
    [InlineData("a macro with a slip", "program: t.py\nmethod: random\n" + Metric + "parameters: {x: {values: [1]}}\ncommand: [python, '${program}', '${arg}']\n", "5:33", "${args}")]
    [InlineData("no metric", "program: t.py\nmethod: grid\nparameters: {x: {values: [1]}}\n", "1:1", "'metric' is missing")]
    public void What_is_not_sound_is_said_at_its_place(string form, string file, string place, string sentence)
    {
        var mistakes = Assert.Throws<SweepFileException>(() => SweepFile.Parse(file, "sweep.yaml").Verify()).Message.Split('\n');

        Assert.True(mistakes.Any(line => line.StartsWith($"sweep.yaml:{place}", StringComparison.Ordinal) && line.Contains(sentence, StringComparison.Ordinal)), $"{form}: {string.Join('\n', mistakes)}");
    }
}

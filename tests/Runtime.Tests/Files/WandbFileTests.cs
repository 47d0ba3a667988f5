using Core.Tests.Support;
using Sweeps.Core;
using Sweeps.Core.Rules;
using Sweeps.Core.Search;
using Sweeps.Core.Space;
using Sweeps.Files;
using Sweeps.Programs;

namespace Runtime.Tests.Files;

/// <summary>Sweep files that were written for W&amp;B are read without changes.</summary>
public class WandbFileTests
{
    [Fact]
    public void A_program_with_its_command_line_is_run()
    {
        var file = SweepFile.Parse("""
            program: train.py
            project: fashion
            entity: a-team
            name: baseline
            description: the first one
            apiVersion: "1"
            kind: sweep
            controller: {type: local}
            command:
              - ${env}
              - ${interpreter}
              - ${program}
              - "--out=${x}"
              - ${envvar:HOME_2}
              - ${args_json_file}
            method: bayes
            metric:
              name: val/loss
              goal: minimize
              impute: latest
              impute_while_running: "false"
            run_cap: 12
            parameters:
              learning_rate:
                distribution: log_uniform_values
                min: 0.0001
                max: 0.1
              batch_size:
                distribution: q_log_uniform_values
                q: 8
                min: 32
                max: 256
              dropout:
                values: [0.3, 0.4, 0.5]
              epochs:
                value: 5
              optimizer:
                parameters:
                  name: {values: [adam, sgd], probabilities: [0.7, 0.3]}
                  weight_decay: {distribution: normal, mu: 0.1, sigma: 0.01}
            early_terminate:
              type: hyperband
              s: 2
              eta: 3
              max_iter: 27
            """, "wandb.yaml");

        var spec = file.Spec;
        Assert.Equal(("baseline", "the first one"), (spec.Name, spec.Description));
        Assert.Equal(SearchMethod.Bayes, spec.Method);
        Assert.Equal(new Objective("val/loss", Goal.Minimize, null, Imputation.Latest), spec.Objective);
        Assert.Equal([new WandbHyperbandSpec(null, 27, 2, 3, true)], spec.Rules);
        Assert.Equal(
            ["batch_size", "dropout", "epochs", "learning_rate", "optimizer.name", "optimizer.weight_decay"],
            spec.Space.Parameters.Select(parameter => parameter.Name));
        Assert.Equal(new Quantized(LogUniform.OfValues(32, 256), 8, Integer: true), spec.Space.Find("batch_size")!.Distribution);
        // Names belong to the program: a parameter named epochs is not the sweep's number of epochs.
        Assert.True(spec.OpenEnded);
        var program = Assert.IsType<ProgramSpec>(spec.Trainable);
        Assert.Equal(
            ("train.py", "${env} ${interpreter} ${program} --out=${x} ${envvar:HOME_2} ${args_json_file}", "optimizer"),
            (program.Program, string.Join(' ', program.Command), string.Join(' ', program.Groups)));
        Assert.Contains("without effect here: project, entity, apiVersion, kind, controller.", Assert.Single(file.Warnings).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_beside_a_data_set_is_not_run_and_a_log_without_the_key_trainable_has_networks()
    {
        const string Rest = "program: train.py\nmethod: random\nmetric: {name: val_loss}\nparameters: {learning_rate: {min: 0.1, max: 0.2}}";

        var beside = SweepFile.Parse($"dataset: glyphs\n{Rest}", "x.yaml");
        Assert.IsType<TrainableSpec.Network>(beside.Spec.Trainable);
        Assert.StartsWith("'program': read for W&B, without effect here: 'dataset' says what is trained.", Assert.Single(beside.Warnings).Message, StringComparison.Ordinal);
        Assert.IsType<TrainableSpec.Network>(SweepFile.Stored(Rest).Trainable);
        Assert.IsType<ProgramSpec>(SweepFile.Stored($"{Rest}\ntrainable: program").Trainable);
    }

    [Theory]
    [InlineData("{value: 3}", "constant")]
    [InlineData("{values: [1, 2]}", "categorical")]
    [InlineData("{values: [1, 2], probabilities: [0.25, 0.75]}", "categorical_w_probabilities")]
    [InlineData("{min: 1, max: 5}", "int_uniform")]
    [InlineData("{min: 1, max: 5.0}", "uniform")]
    [InlineData("{min: 1e1, max: 50}", "uniform")]
    [InlineData("{distribution: uniform, min: 1, max: 5}", "uniform")]
    [InlineData("{distribution: q_uniform, min: 1, max: 5}", "q_uniform")]
    [InlineData("{distribution: log_uniform_values, min: 1, max: 5}", "log_uniform_values")]
    [InlineData("{distribution: q_log_uniform_values, min: 1, max: 5, q: 0.5}", "q_log_uniform_values")]
    [InlineData("{distribution: inv_log_uniform_values, min: 1, max: 5}", "inv_log_uniform_values")]
    [InlineData("{distribution: normal}", "normal")]
    [InlineData("{distribution: q_normal, mu: 64, sigma: 16}", "q_normal")]
    [InlineData("{distribution: log_normal, mu: -1}", "log_normal")]
    [InlineData("{distribution: q_log_normal, q: 2}", "q_log_normal")]
    [InlineData("{distribution: beta, a: 2}", "beta")]
    [InlineData("{distribution: q_beta, a: 2, b: 3, q: 0.1}", "q_beta")]
    [InlineData("{distribution: log_uniform, min: -5, max: -1}", "log_uniform")]
    [InlineData("{distribution: q_log_uniform, min: 0, max: 3}", "q_log_uniform")]
    [InlineData("{distribution: inv_log_uniform, min: 1, max: 5}", "inv_log_uniform")]
    public void Every_distribution_is_known(string text, string name)
    {
        var distribution = SweepFile.Parse($"method: random\nparameters: {{x: {text}}}", "x.yaml").Spec.Space.Find("x")!.Distribution;

        Assert.Equal(name, distribution.Name);
        Assert.All(new[] { 1e-9, 0.25, 0.5, 0.75, 1 - 1e-9 }, u => Assert.NotNull(distribution.Quantile(u)));
    }

    [Fact]
    public void Any_value_can_stand_among_values()
    {
        var domain = SweepFile.Parse("method: grid\nparameters: {x: {values: [null, true, 0, '', [1, [2]], {a: 1}, yes]}}", "x.yaml")
            .Spec.Space.Find("x")!.Distribution.Domain;

        Assert.Equal("null true 0  [1, [2]] {a: 1} yes", string.Join(' ', ((Domain.Categories)domain).Values));
    }

    [Fact]
    public void Anchors_and_merge_keys_work() => Assert.Equal(
        ["x=1 y=1 z=5", "x=1 y=2 z=5", "x=2 y=1 z=5", "x=2 y=2 z=5"],
        Enumerable.Range(0, 4).Select(n => SearchFactory.Create(SweepFile.Parse("""
            method: grid
            parameters:
              x: &choice {values: [1, 2]}
              y: *choice
              z: {<<: *choice, values: [5]}
            """, "x.yaml").Spec).Propose(n, 0, NoHistory.Instance)!.Configuration.ToString()));

    [Theory]
    [InlineData("1e-4", "text")]
    [InlineData("1e5", "text")]
    [InlineData("on", "a boolean")]
    [InlineData("No", "a boolean")]
    [InlineData("010", "an octal number")]
    [InlineData("1_00", "another number")]
    [InlineData("1:30", "another number")]
    [InlineData("2026-01-01", "a date")]
    public void A_scalar_that_wandb_reads_differently_gives_a_warning(string scalar, string reading)
    {
        var file = SweepFile.Parse($"method: grid\nparameters: {{x: {{values: [{scalar}]}}}}", "x.yaml");

        Assert.EndsWith($"W&B (YAML 1.1) reads {reading}.", Assert.Single(file.Warnings).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("-3")]
    [InlineData("1.0e-4")]
    [InlineData("0")]
    [InlineData(".5")]
    [InlineData("adam")]
    [InlineData("'1e-4'")]
    [InlineData("true")]
    public void A_scalar_that_both_read_alike_gives_none(string scalar) =>
        Assert.Empty(SweepFile.Parse($"method: grid\nparameters: {{x: {{values: [{scalar}]}}}}", "x.yaml").Warnings);

    [Fact]
    public void Exponents_as_limits_are_told_as_values()
    {
        var file = SweepFile.Parse("method: random\nparameters: {lr: {distribution: log_uniform, min: -9.21034, max: -2.302585}}", "x.yaml");

        Assert.Contains("between 0.0001 and 0.1", Assert.Single(file.Warnings).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("val_acc", "val_accuracy")]
    [InlineData("validation_accuracy", "val_accuracy")]
    [InlineData("accuracy", "val_accuracy")]
    [InlineData("Validation/Loss", "val_loss")]
    [InlineData("train acc", "train_accuracy")]
    [InlineData("loss", "val_loss")]
    [InlineData("f1", "val_macro_f1")]
    [InlineData("bleu", "bleu")]
    public void Common_names_of_metrics_mean_ours(string name, string metric) => Assert.Equal(
        metric, SweepFile.Parse($"method: random\nmetric: {{name: {name}}}\nparameters: {{x: {{value: 1}}}}", "x.yaml").Spec.Objective.Name);
}

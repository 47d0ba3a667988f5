using Sweeps.Files;

namespace Runtime.Tests.Files;

/// <summary>Each of these files has one mistake and gives one clear error at its position.</summary>
public class BrokenFileTests
{
    private const string Head = "method: random\nmetric: {name: val_loss}\n";

    [Theory]
    [InlineData("", 0, 0, "The file is empty")]
    [InlineData("just a text", 1, 1, "A sweep file is a map")]
    [InlineData("method: random\nparameters: {x: {value: 1}\n", 3, 1, "This is not YAML")]
    [InlineData("parameters: {x: {value: 1}}", 1, 1, "'method' is missing. Expected one of: grid, random, bayes")]
    [InlineData("method: randm\nparameters: {x: {value: 1}}", 1, 9, "'method' cannot be 'randm'. Did you mean 'random'?")]
    [InlineData("method: custom\nparameters: {x: {value: 1}}", 1, 9, "'method: custom' runs a search program of your own")]
    [InlineData("method: random", 1, 1, "'parameters' is missing")]
    [InlineData("method: random\nparameters: {}", 2, 13, "'parameters' is empty")]
    [InlineData("method: random\nparamters: {x: {value: 1}}\nparameters: {x: {value: 1}}", 2, 1, "Unknown key 'paramters' at the top of a sweep file. Did you mean 'parameters'?")]
    [InlineData("method: random\nmethod: grid\nparameters: {x: {value: 1}}", 2, 1, "The key 'method' occurs twice, first in line 1")]
    [InlineData("method: random\nparameters:\n  lr: 0.1", 3, 7, "'parameters.lr' must be a map; received '0.1'. For a constant write {value: …}")]
    [InlineData("method: random\nparameters:\n  lr: {vales: [1]}", 3, 8, "Unknown key 'vales' in 'parameters.lr'. Did you mean 'values'?")]
    [InlineData("method: random\nparameters:\n  lr: {min: 1, max: 1}", 3, 8, "'parameters.lr.min' (1) must be below 'max' (1)")]
    [InlineData("method: random\nparameters:\n  lr: {min: 0, max: 1, q: 0.1}", 3, 24, "'parameters.lr.q' needs a named distribution, such as: distribution: q_uniform")]
    [InlineData("method: random\nparameters:\n  lr: {min: 1}", 3, 7, "has only one of 'min' and 'max'")]
    [InlineData("method: random\nparameters:\n  lr: {distribution: int_uniform, min: 1.0, max: 3}", 3, 40, "'parameters.lr.min' must be an integer")]
    [InlineData("method: random\nparameters:\n  lr: {distribution: log_uniform_values, min: 0, max: 1}", 3, 47, "must be a number above 0")]
    [InlineData("method: random\nparameters:\n  lr: {distribution: lognormal, mu: 0}", 3, 8, "cannot be 'lognormal'. Did you mean 'log_normal'?")]
    [InlineData("method: random\nparameters:\n  x: {values: []}", 3, 15, "is empty: give at least one value")]
    [InlineData("method: random\nparameters:\n  x: {values: [1, 2], probabilities: [0.5, 0.6]}", 3, 38, "sum to 1.1, not to 1")]
    [InlineData("method: random\nparameters:\n  x: {value: 1, min: 0}", 3, 17, "Unknown key 'min' in 'parameters.x'")]
    [InlineData("method: random\nparameters:\n  3x: {value: 1}", 3, 3, "'3x' is not a valid parameter name")]
    [InlineData("method: grid\nparameters:\n  x: {min: 0.0, max: 1.0}", 3, 3, "A grid cannot step through 'x' (uniform)")]
    [InlineData("method: bayes\nparameters: {x: {min: 0, max: 9}}", 1, 1, "'metric' is missing")]
    [InlineData("method: random\nmetric: {name: loss, goal: maximise}\nparameters: {x: {value: 1}}", 2, 28, "'metric.goal' cannot be 'maximise'. Did you mean 'maximize'?")]
    [InlineData("method: random\nmetric: {goal: maximize}\nparameters: {x: {value: 1}}", 2, 9, "'metric.name' is missing")]
    [InlineData("method: random\nrun_cap: 0\nparameters: {x: {value: 1}}", 2, 10, "'run_cap' must be an integer from 1 to 2147483647; received '0'")]
    [InlineData("method: random\nseed: -1\nparameters: {x: {value: 1}}", 2, 7, "'seed' must be an integer of at least 0; received '-1'")]
    [InlineData("method: random\nbudget: {time: soon}\nparameters: {x: {value: 1}}", 2, 16, "'budget.time' must be a time above 0 such as 2h")]
    [InlineData(Head + "parameters: {x: {value: 1}}\nearly_terminate: {type: ahsa}", 4, 19, "'early_terminate.type' cannot be 'ahsa'. Did you mean 'asha'?")]
    [InlineData(Head + "parameters: {x: {value: 1}}\nearly_terminate: {type: asha, eta: 1}", 4, 36, "'early_terminate.eta' must be an integer from 2")]
    [InlineData(Head + "parameters: {x: {value: 1}}\nearly_terminate: {type: hyperband, max_iter: 9}", 4, 18, "'hyperband' needs 'min_iter'")]
    [InlineData(Head + "parameters: {x: {value: 1}}\nearly_terminate: [{type: asha}, {type: hyperband, min_iter: 1}]", 4, 33, "a second ladder of rungs")]
    [InlineData("method: random\nmetrics: [{name: a}, {name: b}]\nparameters: {x: {value: 1}}", 2, 1, "'metrics' belongs to W&B's custom schedulers")]
    [InlineData("metric: {name: x}\nmethod: random\ncommand: [\"${env}\", \"${args_jsn}\"]\nparameters: {x: {value: 1}}", 3, 21, "Unknown macro '${args_jsn}'. Did you mean '${args_json}'?")]
    [InlineData("method: random\nparameters:\n  a: {values: [1, 2]}\n  b: {when: {c: 1}, value: 3}", 4, 14, "names an unknown parameter 'c'")]
    [InlineData("method: random\nparameters:\n  a: {values: [1, 2]}\n  b: {when: {a: 3}, value: 3}", 4, 17, "'a' can never be the integer 3: expected one of: 1, 2")]
    [InlineData("method: random\nparameters:\n  a: {min: 0.0, max: 1.0}\n  b: {when: {a: 0}, value: 3}", 4, 14, "depends on 'a', which is uniform")]
    [InlineData("method: random\nparameters:\n  a: {values: [x, y]}\n  b: {when: {a: x}, values: [1, 2]}\n  c: {when: {b: 1, a: y}, value: 3}", 5, 3, "'c' can never be active")]
    [InlineData("method: random\nconstraints: [hidden >= ]\nparameters: {hidden: {values: [1, 2]}}", 2, 24, "Expected a name or a value")]
    [InlineData("method: random\nconstraints: [hiden >= 3]\nparameters: {hidden: {values: [1, 2]}}", 2, 15, "'hiden' is neither a parameter nor a value of one. Did you mean 'hidden'?")]
    [InlineData("method: random\nenqueue: [{x: 7}]\nparameters: {x: {values: [1, 2]}}", 2, 11, "'x' cannot be 7: expected one of: 1, 2")]
    [InlineData("method: random\nshuffle: true\nparameters: {x: {value: 1}}", 2, 1, "'shuffle' is allowed only with 'method: grid'")]
    [InlineData("method: random\nparameters:\n  epochs: {values: [5, 0]}", 3, 3, "Every value of 'epochs' must be an integer from 1")]
    [InlineData("method: random\ntrainable: table\nparameters: {row: {min: 0, max: 9}}", 2, 1, "'trainable: table' needs 'table'")]
    [InlineData("method: random\nparameters: &a {x: *a}", 2, 20, "is inside its own anchor")]
    public void One_mistake_gives_one_error_at_its_place(string text, int line, int column, string message)
    {
        var broken = Assert.Throws<SweepFileException>(() => SweepFile.Parse(text, "broken.yaml"));

        var mistake = Assert.Single(broken.Mistakes);
        Assert.Contains(message, mistake.Message, StringComparison.Ordinal);
        Assert.Equal(line == 0 ? null : new SourceLocation(line, column), mistake.Location);
        Assert.StartsWith(line == 0 ? "broken.yaml: " : $"broken.yaml:{line}:{column}: ", broken.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_circle_of_conditions_is_told_for_each_of_its_members()
    {
        var broken = Assert.Throws<SweepFileException>(() => SweepFile.Parse(
            "method: random\nparameters:\n  a: {when: {b: 1}, values: [1, 2]}\n  b: {when: {a: 1}, values: [1, 2]}", "x.yaml"));

        Assert.Equal([3, 4], broken.Mistakes.Select(mistake => mistake.Location!.Value.Line));
        Assert.Contains("a needs b needs a", broken.Mistakes[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_told_at_once_in_the_order_of_the_file()
    {
        var broken = Assert.Throws<SweepFileException>(() => SweepFile.Parse(
            """
            method: grdi
            run_cap: many
            parameters:
              lr: {min: 3, max: 1}
              momentum: 0.9
            erly_terminate: {type: asha}
            """, "x.yaml"));

        Assert.Equal([1, 2, 4, 5, 6], broken.Mistakes.Select(mistake => mistake.Location!.Value.Line));
    }
}

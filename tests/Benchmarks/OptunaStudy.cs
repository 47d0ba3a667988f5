using System.Text.Json;
using System.Text.Json.Nodes;
using Sweeps.Core;
using Sweeps.Core.Space;
using Sweeps.Training.Functions;

namespace Benchmarks;

/// <summary>Optuna's samplers on our functions, in a separate process (peers/optuna_study.py).</summary>
internal sealed class OptunaStudy : IDisposable
{
    private readonly OptunaPeer peer;

    private OptunaStudy(OptunaPeer peer) => this.peer = peer;

    public string Version => peer.Version;

    /// <summary>Starts the process; null if no Python can import Optuna.</summary>
    public static OptunaStudy? Start() => OptunaPeer.Start("optuna_study.py") is { } peer ? new OptunaStudy(peer) : null;

    /// <summary>
    /// The simple regret of a sampler (<c>tpe</c> or <c>gp</c>) after a number of evaluations; NaN if the sampler cannot run.
    /// </summary>
    public double Regret(ClosedForm function, string sampler, ulong seed, int evaluations, int batch)
    {
        Ask(new JsonObject { ["open"] = sampler, ["seed"] = seed, ["space"] = new JsonArray([.. function.Space.ParentsFirst.Select(Describe)]) });
        var best = double.PositiveInfinity;
        for (var done = 0; done < evaluations; done += batch)
        {
            var count = Math.Min(batch, evaluations - done);
            var values = new JsonArray();
            foreach (var asked in Ask(new JsonObject { ["ask"] = count })!.AsArray())
            {
                var regret = function.Regret(function.Value(Read(function.Space, asked!.AsObject()), FidelityLevel.Full, 0));
                best = Math.Min(best, regret);
                values.Add(regret);
            }
            Ask(new JsonObject { ["tell"] = values });
        }
        return best;
    }

    public void Dispose() => peer.Dispose();

    private JsonNode? Ask(JsonObject task) => JsonNode.Parse(peer.Answer(task.ToJsonString()));

    private static JsonNode Describe(Parameter parameter)
    {
        var described = new JsonObject { ["name"] = parameter.Name };
        if (parameter.Distribution.Domain is Domain.Range range)
            (described["low"], described["high"], described["log"], described["integer"]) = (range.Low, range.High, range.Logarithmic, range.Integer);
        else
            described["choices"] = new JsonArray([.. ((Domain.Categories)parameter.Distribution.Domain).Values.Select(value => JsonValue.Create(value.ToString()))]);
        if (parameter.When.Count > 0)
            described["when"] = new JsonObject(parameter.When.Select(when =>
                KeyValuePair.Create<string, JsonNode?>(when.Key, new JsonArray([.. when.Value.Select(value => JsonValue.Create(value.ToString()))]))));
        return described;
    }

    private static Configuration Read(SearchSpace space, JsonObject values) => new(values.Select(pair => KeyValuePair.Create(pair.Key, space.Find(pair.Key)!.Distribution.Domain switch
    {
        Domain.Range { Integer: true } => (Value)new Value.Integer(pair.Value!.GetValue<long>()),
        Domain.Range => new Value.Number(pair.Value!.GetValue<double>()),
        Domain.Categories categories => categories.Values.First(value => value.ToString() == pair.Value!.GetValue<string>()),
        _ => throw new JsonException(pair.Key),
    })));
}

using Engine.Data;
using Engine.Networks;
using Engine.Numerics;

namespace Engine.Training;

/// <summary>A network with its input scaling and loss.</summary>
public sealed class Model : IDisposable
{
    /// <summary>Examples per evaluation pass: enough to reuse the weights, few enough that the activations stay in the cache.</summary>
    internal const int EvaluationRows = 96;

    private readonly int[] indices;
    private readonly CrossEntropy? plain;

    /// <summary>A model with weights drawn from the seed, for training batches up to <paramref name="trainingRows"/>.</summary>
    public Model(TrainingOptions options, ImageShape input, OutputSpec output, Scaling scaling, ulong seed, int trainingRows = 0)
    {
        Capacity = Math.Max(trainingRows, EvaluationRows);
        Output = output;
        var lossOptions = new LossOptions(output, Capacity, options.LabelSmoothing, options.HuberDelta);
        Loss = Losses.Create(options.Loss, lossOptions);
        Network = Network.Build(options, input, output.Count, seed, Capacity);
        plain = output.Task != LearningTask.Classification || options is { Loss: null or "cross_entropy", LabelSmoothing: 0 }
            ? null
            : new CrossEntropy(lossOptions with { Capacity = EvaluationRows, LabelSmoothing = 0 });
        Scaling = scaling;
        Gatherer = new Gatherer(scaling, output, Capacity);
        indices = new int[EvaluationRows];
    }

    /// <summary>The layers and their weights.</summary>
    public Network Network { get; }

    /// <summary>The scaling of raw features to inputs.</summary>
    public Scaling Scaling { get; }

    /// <summary>The meaning of the outputs.</summary>
    public OutputSpec Output { get; }

    internal int Capacity { get; }

    internal Loss Loss { get; }

    internal Gatherer Gatherer { get; }

    /// <summary>
    /// Computes the outputs for all samples, without dropout, and their loss. Throws <see cref="EngineException"/> when the number of
    /// features differs.
    /// </summary>
    public Evaluation Evaluate(Samples samples)
    {
        using var flush = DenormalFlush.OnThisThread();
        var outputs = new float[(long)samples.Count * Output.Count];
        var sum = default(LossSum);
        for (var start = 0; start < samples.Count; start += EvaluationRows)
        {
            var rows = indices.AsSpan(0, Math.Min(EvaluationRows, samples.Count - start));
            for (var i = 0; i < rows.Length; i++)
                rows[i] = start + i;
            sum += Evaluate(samples, rows, 0, rows.Length, outputs.AsSpan(start * Output.Count));
        }
        // Kernels use raw pointers. Without this call the finalizers could free the buffers of an unreachable model during the evaluation.
        GC.KeepAlive(this);
        return new Evaluation(Output, outputs, samples, chosen: null, sum);
    }

    /// <summary>Computes the outputs for the chosen examples. Called by all workers of a batch.</summary>
    internal Rows Forward(Samples samples, ReadOnlySpan<int> order, int start, int count, Worker worker) =>
        Network.Forward(Gatherer.Gather(samples, order, start, count, worker), Pass.Evaluation with { Worker = worker });

    private LossSum Evaluate(Samples samples, ReadOnlySpan<int> order, int start, int count, Span<float> outputs) =>
        Evaluate(Forward(samples, order, start, count, Worker.Alone), outputs);

    /// <summary>
    /// Computes loss and correct predictions from the <paramref name="result"/> of <see cref="Forward"/>. Also writes the unscaled outputs
    /// to <paramref name="outputs"/> (examples × outputs), unless it is empty.
    /// </summary>
    internal LossSum Evaluate(Rows result, Span<float> outputs)
    {
        var targets = Gatherer.Targets(result.Count);
        if (!outputs.IsEmpty)
            Copy(result, outputs);
        var sum = Loss.Evaluate(result, targets, default, 0);
        return sum with { CrossEntropy = plain?.Evaluate(result, targets, default, 0).Loss ?? sum.Loss };
    }

    private unsafe void Copy(Rows result, Span<float> outputs)
    {
        for (var row = 0; row < result.Count; row++)
            for (var i = 0; i < Output.Count; i++)
                outputs[row * Output.Count + i] = Output.Scaling is { } unit ? result[row][i] * unit.Factor[i] + unit.Offset[i] : result[row][i];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Network.Dispose();
        Loss.Dispose();
        plain?.Dispose();
        Gatherer.Dispose();
    }
}

using Engine.Data;
using Engine.Networks;
using Engine.Numerics;

namespace Engine.Training;

/// <summary>A network with the scaling of its inputs and its loss: what is needed to predict.</summary>
public sealed class Model : IDisposable
{
    /// <summary>Rows per pass when evaluating: enough to reuse the weights, few enough for the activations to stay in cache.</summary>
    internal const int EvaluationRows = 96;

    private readonly int[] indices;
    private readonly CrossEntropy? plain;

    /// <summary>A model with weights drawn from the seed, for training batches up to <paramref name="trainingRows"/>.</summary>
    public Model(TrainingOptions options, ImageShape input, int classes, Scaling scaling, ulong seed, int trainingRows = 0)
    {
        Capacity = Math.Max(trainingRows, EvaluationRows);
        Network = Network.Build(options, input, classes, seed, Capacity);
        Loss = Losses.Catalog.Find(options.Loss)(classes, Capacity, options.LabelSmoothing);
        plain = options is { Loss: "cross_entropy", LabelSmoothing: 0 } ? null : new CrossEntropy(classes, EvaluationRows, labelSmoothing: 0);
        Scaling = scaling;
        Gatherer = new Gatherer(scaling, Capacity);
        indices = new int[EvaluationRows];
    }

    /// <summary>The layers and their weights.</summary>
    public Network Network { get; }

    /// <summary>From raw features to inputs.</summary>
    public Scaling Scaling { get; }

    internal int Capacity { get; }

    internal SoftmaxLoss Loss { get; }

    internal Gatherer Gatherer { get; }

    /// <summary>Loss, accuracy and predictions over all samples, without dropout.</summary>
    public Evaluation Evaluate(Samples samples)
    {
        using var flush = DenormalFlush.OnThisThread();
        var predictions = new byte[samples.Count];
        var sum = default(LossSum);
        for (var start = 0; start < samples.Count; start += EvaluationRows)
        {
            var rows = indices.AsSpan(0, Math.Min(EvaluationRows, samples.Count - start));
            for (var i = 0; i < rows.Length; i++)
                rows[i] = start + i;
            sum += Evaluate(samples, rows, 0, rows.Length, predictions.AsSpan(start, rows.Length));
        }
        // Kernels hold plain pointers: without this a finalizer may free the buffers of a model that nothing refers to any more.
        GC.KeepAlive(this);
        return new Evaluation(sum.Loss / samples.Count, (double)sum.Correct / samples.Count, predictions);
    }

    /// <summary>Loss and correct predictions of the chosen examples, added up; allocates nothing.</summary>
    internal LossSum Evaluate(Samples samples, int[] chosen)
    {
        var sum = default(LossSum);
        for (var start = 0; start < chosen.Length; start += EvaluationRows)
            sum += Evaluate(samples, chosen, start, Math.Min(EvaluationRows, chosen.Length - start), []);
        return sum;
    }

    private LossSum Evaluate(Samples samples, ReadOnlySpan<int> order, int start, int count, Span<byte> predictions)
    {
        var logits = Network.Forward(Gatherer.Gather(samples, order, start, count), Pass.Evaluation);
        var sum = Loss.Evaluate(logits, Gatherer.Labels(count), default, 0, predictions);
        return sum with { CrossEntropy = plain?.Evaluate(logits, Gatherer.Labels(count), default, 0, []).Loss ?? sum.Loss };
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

/// <summary>How a model does on samples.</summary>
/// <param name="Loss">The mean loss.</param>
/// <param name="Accuracy">The share of correct predictions.</param>
/// <param name="Predictions">The predicted class of every sample.</param>
public sealed record Evaluation(double Loss, double Accuracy, byte[] Predictions);

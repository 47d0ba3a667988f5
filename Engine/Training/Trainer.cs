using System.Runtime.CompilerServices;
using Engine.Data;
using Engine.Networks;
using Engine.Numerics;

namespace Engine.Training;

/// <summary>
/// Trains one network on one data set, epoch by epoch, on the calling thread and the helpers of its <see cref="Team"/>. The same options,
/// data and seed give the same weights, bit for bit, at every vector width and number of threads, and also when training is saved and
/// loaded in between.
/// </summary>
/// <remarks>
/// Not thread-safe, except <see cref="Team"/>, <see cref="Batch"/> and <see cref="SamplesPerSecond"/>. Trainers share only the data set.
/// </remarks>
public sealed class Trainer : IDisposable
{
    /// <summary>The largest number of examples per pass; larger batches accumulate the gradients of several passes.</summary>
    private const int MaxRows = 240;

    private readonly Dataset data;
    private readonly Split split;
    private readonly StepSink step;
    private readonly SumSink? sum;
    private readonly Augmenter? augmenter;
    private readonly RowsBuffer outputGradient;
    private readonly Optimizer optimizer;
    private readonly Schedule schedule;
    private readonly TimeProvider time;
    private readonly int[] order, permutation, validation;
    private readonly float[] validationOutputs;
    private readonly ClassOrder classes;
    private readonly int batchSize, passRows, productRows;
    private readonly double baseRate;
    private readonly Action<Worker> trainPass, applySum, evaluatePass;
    private PassTask task;
    private int batch, firstBatch, shuffled = -1;
    private long begun;

    /// <summary>Builds the network at epoch 0. Throws <see cref="EngineException"/> when the options are not valid or do not fit the data.</summary>
    /// <param name="data">The data set; it may be shared with other trainers.</param>
    /// <param name="options">The options of network and training.</param>
    /// <param name="seed">Determines the initial weights, the order of the examples, augmentation and dropout.</param>
    /// <param name="time">The clock that measures the epochs; the system's when null.</param>
    /// <param name="threads">The largest number of threads that compute a batch, ≥ 1, the caller's included. Null for the number of processors.</param>
    public Trainer(Dataset data, TrainingOptions options, ulong seed, TimeProvider? time = null, int? threads = null)
    {
        options.Validate();
        var prepared = PreparedData.Of(data, options.ValidationShare, options.Stratified, options.SplitSeed, options.Scaling);
        split = prepared.Split;
        var shape = new ImageShape(data.Height, data.Width, data.Channels);
        if (options.AugmentShift > 0 || options.AugmentFlip)
            augmenter = new Augmenter(options.AugmentShift, options.AugmentFlip, shape, prepared.Scaling);
        this.data = data;
        this.time = time ?? TimeProvider.System;
        Options = options with { Loss = options.Loss ?? Losses.NamesFor(data.Output.Task)[0] };
        Seed = seed;
        permutation = new int[split.Training.Length];
        order = options.EpochExamples is 0 ? permutation : new int[options.EpochExamples];
        batchSize = options.BatchSize == TrainingOptions.FullBatch ? order.Length : Math.Min(options.BatchSize, order.Length);
        passRows = Math.Min(batchSize, MaxRows);
        validation = [.. split.Validation];
        classes = new ClassOrder(data.Train.Labels, data.Output.Task == LearningTask.Classification ? data.Output.Count : 1, Math.Max(batchSize, validation.Length));
        classes.Sort(validation);
        Metrics = Training.Metrics.For(data.Output, options.Metrics);
        validationOutputs = Metrics.Count > 0 ? new float[(long)validation.Length * data.Output.Count] : [];
        var output = prepared.Output with { Weights = ClassWeights.Of(data, split.Training, options) };
        Model = new Model(options, shape, output, prepared.Scaling, seed, passRows);
        outputGradient = new RowsBuffer(passRows, output.Count);
        var values = Optimizers.Catalog.Resolve(options.Optimizer, options.OptimizerOptions);
        baseRate = values["learning_rate"];
        optimizer = Optimizers.Catalog.Find(options.Optimizer)(values);
        step = new StepSink(optimizer, Model.Network.Parameters, options.WeightDecay);
        sum = options.ClipNorm > 0 || batchSize > passRows ? new SumSink(Model.Network.Parameters) : null;
        schedule = Schedules.Create(options.Schedule, options.ScheduleOptions);
        productRows = Model.Network.Parameters.Sum(ParameterGradient.ProductRows);
        Stopping = new EarlyStopping(options.Patience, options.MinDelta);
        Team = new Team(threads ?? Environment.ProcessorCount, this.time);
        (trainPass, applySum, evaluatePass) = (TrainPass, ApplySum, EvaluatePass);
    }

    /// <summary>The options, with the loss resolved to a name.</summary>
    public TrainingOptions Options { get; }

    /// <summary>The seed of the run.</summary>
    public ulong Seed { get; }

    /// <summary>The threads that compute the batches.</summary>
    public Team Team { get; }

    /// <summary>The network, its scaling and loss.</summary>
    public Model Model { get; }

    /// <summary>The names of the metrics that are computed on the validation and test parts beside loss and accuracy.</summary>
    public IReadOnlyList<string> Metrics { get; }

    /// <summary>Whether examples are held out for validation.</summary>
    public bool Validates => validation.Length > 0;

    /// <summary>Finished epochs.</summary>
    public int Epoch => Progress.Epoch;

    /// <summary>Steps per epoch.</summary>
    public int Batches => (order.Length + batchSize - 1) / batchSize;

    /// <summary>Finished batches of the current epoch. Thread-safe.</summary>
    public int Batch => Volatile.Read(ref batch);

    /// <summary>Examples per second since the last call of <see cref="TrainEpoch"/>. Thread-safe.</summary>
    public double SamplesPerSecond =>
        (Volatile.Read(ref batch) - firstBatch) * (double)batchSize / Math.Max(1e-3, time.GetElapsedTime(Volatile.Read(ref begun)).TotalSeconds);

    /// <summary>Whether early stopping ended training.</summary>
    public bool StoppedEarly => Stopping.Stopped;

    /// <summary>Called after each batch with the number of finished batches of the epoch.</summary>
    internal Action<int>? BatchEnded { get; set; }

    internal Progress Progress { get; private set; }

    internal EarlyStopping Stopping { get; }

    internal Optimizer Optimizer => optimizer;

    internal Schedule Schedule => schedule;

    internal StepSink StepSink => step;

    internal Dataset Data => data;

    /// <summary>
    /// Trains to the end of the epoch and validates. Divergence ends the epoch at that batch and is reported in the result. When cancelled,
    /// throws <see cref="OperationCanceledException"/> within one batch; the next call continues in the middle of the epoch, also after
    /// <see cref="Save"/> and <see cref="Load"/>.
    /// </summary>
    /// <exception cref="InvalidOperationException">Training has diverged or was stopped early.</exception>
    public EpochResult TrainEpoch(CancellationToken cancel)
    {
        if (Progress.Diverged)
            throw new InvalidOperationException("This run has diverged; its weights are of no use. Start another.");
        if (StoppedEarly)
            throw new InvalidOperationException("This run has stopped early; it is finished.");
        var start = time.GetTimestamp();
        (batch, firstBatch, begun) = (Progress.Batch, Progress.Batch, start);
        using var flush = DenormalFlush.OnThisThread();
        Shuffle();
        var progress = Progress;
        var rate = 0.0;
        DivergenceReason? diverged = null;
        for (; progress.Batch < Batches && diverged is null; Progress = progress)
        {
            if (cancel.IsCancellationRequested)
            {
                Progress = progress with { Seconds = progress.Seconds + time.GetElapsedTime(start).TotalSeconds };
                cancel.ThrowIfCancellationRequested();
            }
            rate = baseRate * schedule.Factor(progress.Epoch + (double)progress.Batch / Batches);
            diverged = Step(ref progress, rate, cancel);
            Volatile.Write(ref batch, progress.Batch);
            BatchEnded?.Invoke(progress.Batch);
        }
        var result = Finish(progress, rate, diverged, start);
        // Kernels use raw pointers. Without this call the finalizers could free the buffers of an unreachable trainer during the epoch.
        GC.KeepAlive(this);
        return result;
    }

    /// <summary>Evaluates the current weights on <paramref name="samples"/>.</summary>
    public Evaluation Evaluate(Samples samples) => Model.Evaluate(samples);

    /// <summary>Evaluates the current weights on the test part; null when the data set has none.</summary>
    public Evaluation? EvaluateTest() => data.Test.Count == 0 ? null : Evaluate(data.Test);

    /// <summary>Writes the whole training state in the format of <see cref="Checkpoint"/>.</summary>
    public void Save(Stream destination) => Checkpoint.Write(this, destination);

    /// <summary>
    /// Replaces the state by a saved one. Throws <see cref="InvalidDataException"/> when the data are truncated, of another format or of
    /// another model; the trainer is then partly overwritten and must be discarded.
    /// </summary>
    public void Load(Stream source) => Progress = Checkpoint.Read(this, source);

    /// <inheritdoc/>
    public void Dispose()
    {
        Team.Close();
        Model.Dispose();
        outputGradient.Dispose();
        step.Dispose();
        sum?.Dispose();
    }

    /// <summary>
    /// Fills <see cref="order"/> for the next epoch. The order of a pass over the training examples depends only on the seed and the number
    /// of the pass, and epochs are consecutive parts of all passes, so that checkpoints need not store the order. The examples of a batch
    /// are random; within the batch they are sorted by class.
    /// </summary>
    private void Shuffle()
    {
        if (order == permutation)
        {
            ShufflePass(Epoch);
        }
        else
        {
            var from = (long)Epoch * order.Length;
            for (var filled = 0; filled < order.Length;)
            {
                var (pass, at) = Math.DivRem(from + filled, permutation.Length);
                if (shuffled != pass)
                    ShufflePass((int)pass);
                var count = (int)Math.Min(order.Length - filled, permutation.Length - at);
                permutation.AsSpan((int)at, count).CopyTo(order.AsSpan(filled));
                filled += count;
            }
        }
        for (var first = 0; first < order.Length; first += batchSize)
            classes.Sort(order.AsSpan(first, Math.Min(batchSize, order.Length - first)));
    }

    private void ShufflePass(int pass)
    {
        split.Training.CopyTo(permutation, 0);
        RandomStream.For(Seed, RandomPurpose.Order, (ulong)pass).Shuffle(permutation);
        shuffled = pass;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private DivergenceReason? Step(ref Progress progress, double rate, CancellationToken cancel)
    {
        var first = progress.Batch * batchSize;
        var count = Math.Min(batchSize, order.Length - first);
        sum?.Clear();
        var total = default(LossSum);
        var passes = progress.Passes;
        for (var at = 0; at < count; at += passRows)
        {
            if (at > 0 && cancel.IsCancellationRequested)
                return null;
            task = new PassTask(first + at, Math.Min(passRows, count - at), passes++, count, progress, rate) { Sum = total };
            Team.RunBatch(trainPass);
            total = task.Sum;
            if (task.Diverged is { } reason)
                return End(ref progress, reason);
        }
        var norm = sum?.Norm() ?? Math.Sqrt(step.SquaredNorm);
        if (!double.IsFinite(norm))
            return End(ref progress, new DivergenceReason(DivergenceKind.Gradient, progress.Batch + 1, norm));
        if (sum is not null)
        {
            step.Begin(new StepInfo(progress.Steps + 1, rate, total.Loss / count));
            task = task with { Factor = Options.ClipNorm > 0 && norm > Options.ClipNorm ? (float)(Options.ClipNorm / norm) : 1 };
            Team.Run(applySum);
        }
        progress = progress with
        {
            Batch = progress.Batch + 1,
            Steps = progress.Steps + 1,
            Passes = passes,
            Examples = progress.Examples + count,
            Loss = progress.Loss + total.Loss,
            Correct = progress.Correct + total.Correct,
            GradientNorm = progress.GradientNorm + norm,
        };
        return null;
    }

    /// <summary>Computes the worker's share of a forward and a backward pass. The first worker evaluates the loss.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void TrainPass(Worker worker)
    {
        var (first, rows, number, examples, progress, rate) = task;
        var input = Model.Gatherer.Gather(data.Train, order, first, rows, worker);
        if (augmenter is not null)
            input = augmenter.Apply(input, order.AsSpan(first, rows), Seed, Epoch, worker);
        var outputs = Model.Network.Forward(input, new Pass(true, Seed, number) { Worker = worker });
        worker.Wait();
        var gradient = outputGradient.Take(rows);
        if (worker.Index == 0)
        {
            task.Sum += Model.Loss.Evaluate(outputs, Model.Gatherer.Targets(rows), gradient, 1f / examples);
            task.Diverged = Divergence(task.Sum.Loss / examples, progress.Batch);
            if (sum is null)
                step.Begin(new StepInfo(progress.Steps + 1, rate, task.Sum.Loss / examples));
        }
        worker.Wait();
        if (task.Diverged is not null)
            return;
        var (next, count) = worker.Examples(passRows);
        worker.Ahead?.Plan(data.Train.Values, data.Train.ExampleBytes, order, first + rows + next, count, productRows / worker.Count);
        Model.Network.Backward(gradient, sum ?? (GradientSink)step, worker);
    }

    private void ApplySum(Worker worker) => sum!.Apply(task.Factor, step, worker);

    private void EvaluatePass(Worker worker)
    {
        var outputs = Model.Forward(data.Train, validation, task.First, task.Rows, worker);
        worker.Wait();
        if (worker.Index == 0)
            task.Sum += Model.Evaluate(outputs, validationOutputs.Length == 0 ? [] : validationOutputs.AsSpan(task.First * Model.Output.Count));
    }

    private LossSum Validate()
    {
        task = default;
        for (var start = 0; start < validation.Length; start += Model.EvaluationRows)
        {
            task = new PassTask(start, Math.Min(Model.EvaluationRows, validation.Length - start)) { Sum = task.Sum };
            Team.Run(evaluatePass);
        }
        return task.Sum;
    }

    private DivergenceReason? Divergence(double loss, int batch) =>
        !double.IsFinite(loss) ? new DivergenceReason(DivergenceKind.Loss, batch + 1, loss)
        : loss > Options.LossLimit ? new DivergenceReason(DivergenceKind.Explosion, batch + 1, loss)
        : null;

    private static DivergenceReason End(ref Progress progress, DivergenceReason reason)
    {
        progress = progress with { Diverged = true };
        return reason;
    }

    private EpochResult Finish(Progress progress, double rate, DivergenceReason? diverged, long start)
    {
        double? validationLoss = null, validationAccuracy = null, crossEntropy = null;
        IReadOnlyList<double> metrics = [];
        if (diverged is null && validation.Length > 0)
        {
            var sum = Validate();
            validationLoss = sum.Loss / validation.Length;
            crossEntropy = sum.CrossEntropy / validation.Length;
            validationAccuracy = data.Output.Accuracy(sum.Correct, validation.Length);
            if (Metrics.Count > 0)
                metrics = new Evaluation(Model.Output, validationOutputs, data.Train, validation, sum).Measure(Metrics);
        }
        var trainLoss = progress.Loss / progress.Examples;
        if (diverged is null)
        {
            schedule.EpochEnded(validationLoss ?? trainLoss);
            Stopping.EpochEnded(validationLoss);
            Progress = progress.NextEpoch();
        }
        var seconds = progress.Seconds + time.GetElapsedTime(start).TotalSeconds;
        return new EpochResult
        {
            Epoch = progress.Epoch + 1,
            TrainLoss = trainLoss,
            TrainAccuracy = data.Output.Accuracy(progress.Correct, progress.Examples),
            ValidationLoss = validationLoss,
            ValidationAccuracy = validationAccuracy,
            ValidationCrossEntropy = data.Output.Task == LearningTask.Classification ? crossEntropy : null,
            ValidationMetrics = metrics,
            Stuck = diverged is null && progress.Epoch > 0 ? Stuck(trainLoss, crossEntropy, progress.GradientNorm / progress.Batch) : null,
            LearningRate = rate,
            GradientNorm = progress.GradientNorm / progress.Batch,
            Seconds = seconds,
            SamplesPerSecond = seconds > 0 ? progress.Examples / seconds : 0,
            Diverged = diverged,
        };
    }

    /// <summary>
    /// Describes why training makes no progress: the gradient has vanished, or the cross-entropy was ln K, that of guessing among K
    /// classes, over the whole epoch and after it. Null otherwise.
    /// </summary>
    private string? Stuck(double trainLoss, double? crossEntropy, double gradientNorm)
    {
        const double Near = 0.002, Vanished = 1e-8;
        var chance = Math.Log(data.Output.Count);
        if (gradientNorm < Vanished)
            return FormattableString.Invariant($"the gradient has vanished: its norm is {gradientNorm:G3}");
        return Options is { Loss: "cross_entropy", LabelSmoothing: 0 } && Math.Abs(trainLoss - chance) < Near * chance && Math.Abs((crossEntropy ?? trainLoss) - chance) < Near * chance
            ? FormattableString.Invariant($"the loss stands at {trainLoss:F4}, and ln {data.Output.Count} = {chance:F4} is that of guessing")
            : null;
    }

    /// <summary>The task of the workers in one pass, with its results.</summary>
    /// <param name="First">The position of its first example in the order of the epoch.</param>
    /// <param name="Rows">The number of its examples.</param>
    /// <param name="Number">The number of the pass in the run.</param>
    /// <param name="Examples">The number of examples of the whole step.</param>
    /// <param name="Progress">The progress before the step.</param>
    /// <param name="Rate">The learning rate.</param>
    private record struct PassTask(int First, int Rows, ulong Number = 0, int Examples = 0, Progress Progress = default, double Rate = 0)
    {
        /// <summary>The sums of the step so far.</summary>
        public LossSum Sum;

        public DivergenceReason? Diverged;

        /// <summary>The factor by which clipping scales the gradients.</summary>
        public float Factor;
    }
}

namespace Engine.Networks;

/// <summary>
/// Multiplies the learning rate by a factor when the loss has not improved for more than <paramref name="patience"/> epochs
/// (ReduceLROnPlateau in PyTorch and Keras).
/// </summary>
/// <param name="factor">The factor of each reduction, in (0, 1).</param>
/// <param name="patience">Epochs without improvement that are tolerated, ≥ 0.</param>
/// <param name="threshold">A loss is an improvement if it is below best · (1 − threshold).</param>
/// <param name="least">The smallest value of the schedule's factor.</param>
public sealed class PlateauSchedule(double factor, int patience, double threshold, double least) : Schedule
{
    private const int Now = 0, Best = 1, Waited = 2;
    private readonly double[] state = [1, double.PositiveInfinity, 0];

    /// <inheritdoc/>
    public override Span<double> State => state;

    /// <inheritdoc/>
    public override double Factor(double time) => state[Now];

    /// <inheritdoc/>
    public override void EpochEnded(double loss)
    {
        if (loss < state[Best] * (1 - threshold) || double.IsPositiveInfinity(state[Best]) && !double.IsNaN(loss))
        {
            state[Best] = loss;
            state[Waited] = 0;
            return;
        }
        if (++state[Waited] <= patience)
            return;
        state[Now] = Math.Max(state[Now] * factor, least);
        state[Waited] = 0;
    }
}

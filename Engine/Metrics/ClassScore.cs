namespace Engine.Metrics;

/// <summary>How well one class is told from the others.</summary>
/// <param name="Name">The class.</param>
/// <param name="Labelled">Examples of this class.</param>
/// <param name="Predicted">Examples that were taken for this class.</param>
/// <param name="Correct">Examples that are both.</param>
public sealed record ClassScore(string Name, int Labelled, int Predicted, int Correct)
{
    /// <summary>The share of what was taken for this class that is of it; 0 when nothing was.</summary>
    public double Precision => Predicted == 0 ? 0 : (double)Correct / Predicted;

    /// <summary>The share of this class that was found; 0 when there are no examples of it.</summary>
    public double Recall => Labelled == 0 ? 0 : (double)Correct / Labelled;

    /// <summary>The harmonic mean of precision and recall.</summary>
    public double F1 => Predicted + Labelled == 0 ? 0 : 2.0 * Correct / (Predicted + Labelled);
}

namespace Engine.Networks;

/// <summary>A learning rate schedule: a factor of the base learning rate over time.</summary>
public abstract class Schedule
{
    /// <summary>The schedule's state, saved in checkpoints; empty by default.</summary>
    public virtual Span<double> State => [];

    /// <summary>The factor at a time in epochs: 0 at the first batch of the first epoch, 1.5 in the middle of the second.</summary>
    public abstract double Factor(double time);

    /// <summary>Receives the loss of each finished epoch: the validation loss, or the training loss without validation.</summary>
    public virtual void EpochEnded(double loss)
    {
    }
}

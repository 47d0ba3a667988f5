namespace Engine.Networks;

/// <summary>The learning rate over time, as a factor on the base rate.</summary>
public abstract class Schedule
{
    /// <summary>What the schedule remembers, saved in checkpoints; empty for most.</summary>
    public virtual Span<double> State => [];

    /// <summary>The factor at a time in epochs: 0 at the first batch of the first epoch, 1.5 in the middle of the second.</summary>
    public abstract double Factor(double time);

    /// <summary>Tells the validation loss (the training loss where there is no validation) of an epoch that ended.</summary>
    public virtual void EpochEnded(double loss)
    {
    }
}

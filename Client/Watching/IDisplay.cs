using Client.Views;

namespace Client.Watching;

/// <summary>Shows a sweep while it is worked on.</summary>
public interface IDisplay
{
    /// <summary>How often it wants to be told when nothing has happened.</summary>
    TimeSpan Pace { get; }

    /// <summary>Shows the moment.</summary>
    void Show(SweepView view);

    /// <summary>Writes a sentence above what is shown.</summary>
    void Say(string sentence);
}

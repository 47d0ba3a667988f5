namespace Sweeps.Spec;

/// <summary>Collects what is to be said about a file while it is read.</summary>
internal sealed class Notes
{
    private readonly List<Note> mistakes = [];
    private readonly List<Note> warnings = [];

    public bool HasMistakes => mistakes.Count > 0;

    public IReadOnlyList<Note> Mistakes => InOrder(mistakes);

    public IReadOnlyList<Note> Warnings => InOrder(warnings);

    public void Mistake(Place? place, string message) => mistakes.Add(new Note(place, message));

    public void Warn(Place? place, string message) => warnings.Add(new Note(place, message));

    private static Note[] InOrder(List<Note> notes) =>
        [.. notes.Distinct().OrderBy(note => note.Place?.Line ?? 0).ThenBy(note => note.Place?.Column ?? 0)];
}

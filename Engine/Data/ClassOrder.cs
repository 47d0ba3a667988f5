namespace Engine.Data;

/// <summary>
/// Sorts the examples of a batch by class (a stable counting sort). A step sums over its examples, so any order within the batch is
/// correct. Examples of one class have zeros in the same features, so that the first layer can skip more of them
/// (<see cref="Numerics.ZeroMasks"/>).
/// </summary>
/// <param name="labels">The class of every example.</param>
/// <param name="classes">The number of classes.</param>
/// <param name="capacity">The largest batch.</param>
public sealed class ClassOrder(byte[] labels, int classes, int capacity)
{
    private readonly int[] offsets = new int[classes + 1], copy = new int[capacity];

    /// <summary>Sorts the indices of a batch's examples in place.</summary>
    public void Sort(Span<int> examples)
    {
        examples.CopyTo(copy);
        Array.Clear(offsets);
        foreach (var example in examples)
            offsets[labels[example] + 1]++;
        for (var c = 1; c < offsets.Length; c++)
            offsets[c] += offsets[c - 1];
        foreach (var example in copy.AsSpan(0, examples.Length))
            examples[offsets[labels[example]]++] = example;
    }
}

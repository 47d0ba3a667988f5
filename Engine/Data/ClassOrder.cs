namespace Engine.Data;

/// <summary>
/// Sorts the examples of a batch by class, stably. A step adds up its examples, so their order within the batch is free; neighbours of one
/// class have their zeros in the same places, which lets the first layer leave out more of them (<see cref="Numerics.ZeroMasks"/>).
/// </summary>
/// <param name="labels">The class of every example.</param>
/// <param name="classes">How many classes there are.</param>
/// <param name="capacity">The largest batch.</param>
public sealed class ClassOrder(byte[] labels, int classes, int capacity)
{
    private readonly int[] places = new int[classes + 1], copy = new int[capacity];

    /// <summary>Sorts indices of examples.</summary>
    public void Sort(Span<int> examples)
    {
        examples.CopyTo(copy);
        Array.Clear(places);
        foreach (var example in examples)
            places[labels[example] + 1]++;
        for (var c = 1; c < places.Length; c++)
            places[c] += places[c - 1];
        foreach (var example in copy.AsSpan(0, examples.Length))
            examples[places[labels[example]]++] = example;
    }
}

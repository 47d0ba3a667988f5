using Engine.Numerics;

namespace Engine.Data;

/// <summary>The indices of the training and the validation examples within <see cref="Dataset.Train"/>, both in ascending order.</summary>
public sealed record Split(int[] Training, int[] Validation)
{
    /// <summary>The data set's own validation part if it has one, else a random split by <see cref="Make"/>.</summary>
    public static Split Of(Dataset data, double share, bool stratified, ulong seed) => data.ValidationStart is { } start
        ? new Split([.. Enumerable.Range(0, start)], [.. Enumerable.Range(start, data.Train.Count - start)])
        : Make(data.Train.Labels, share, stratified, seed);

    /// <summary>
    /// Holds out round(share · n) examples at random; if stratified, round(share · n) of each class. The same arguments give the same
    /// split.
    /// </summary>
    public static Split Make(ReadOnlySpan<byte> labels, double share, bool stratified, ulong seed)
    {
        var order = new int[labels.Length];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        var held = new bool[labels.Length];
        if (share > 0)
        {
            RandomStream.For(seed, RandomPurpose.Split).Shuffle(order);
            if (stratified)
                HoldOutOfEveryClass(labels, share, order, held);
            else
                foreach (var i in order.AsSpan(0, (int)Math.Round(share * labels.Length)))
                    held[i] = true;
        }
        return new Split([.. Where(held, false)], [.. Where(held, true)]);
    }

    private static void HoldOutOfEveryClass(ReadOnlySpan<byte> labels, double share, int[] order, bool[] held)
    {
        var left = new int[256];
        foreach (var label in labels)
            left[label]++;
        for (var label = 0; label < left.Length; label++)
            left[label] = (int)Math.Round(share * left[label]);
        foreach (var i in order)
            if (left[labels[i]]-- > 0)
                held[i] = true;
    }

    private static IEnumerable<int> Where(bool[] held, bool value) => Enumerable.Range(0, held.Length).Where(i => held[i] == value);
}

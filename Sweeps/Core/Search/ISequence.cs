using Sweeps.Core.Space;

namespace Sweeps.Core.Search;

/// <summary>Where the numbers of a <see cref="SequenceSearch"/> come from. Pure.</summary>
public interface ISequence
{
    /// <summary>
    /// The number for a parameter of point <paramref name="index"/> when it is drawn for the <paramref name="draw"/>-th time (from 0):
    /// in [0, 1), and above 0 where the distribution asks for it.
    /// </summary>
    double Draw(int index, int draw, Parameter parameter);
}

namespace Engine.Numerics;

/// <summary>
/// An operation over arrays, with its arguments as fields. <see cref="SimdPath.Run"/> executes it with the widest available vectors.
/// </summary>
public interface IKernel
{
    /// <summary>Executes the operation with vectors <typeparamref name="V"/>. The result must not depend on the width.</summary>
    void Run<L, V>() where L : struct, ILanes<V> where V : struct;
}

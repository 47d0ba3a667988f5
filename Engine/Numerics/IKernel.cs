namespace Engine.Numerics;

/// <summary>An operation over arrays, with its arguments as fields, that <see cref="SimdPath.Run"/> executes at the widest vector there is.</summary>
public interface IKernel
{
    /// <summary>Does the work with vectors <typeparamref name="V"/>. The result must not depend on the width.</summary>
    void Run<L, V>() where L : struct, ILanes<V> where V : struct;
}

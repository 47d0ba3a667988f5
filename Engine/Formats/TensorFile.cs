namespace Engine.Formats;

/// <summary>What a file of tensors holds.</summary>
/// <param name="Tensors">In file order.</param>
/// <param name="Metadata">The description stored beside them, a JSON object, or null when there is none.</param>
public sealed record TensorFile(IReadOnlyList<Tensor> Tensors, string? Metadata);

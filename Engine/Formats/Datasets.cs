using Engine.Data;

namespace Engine.Formats;

/// <summary>The data sets of this process, features of saved models included.</summary>
public static class Datasets
{
    /// <summary>The catalog that all runs of the process share.</summary>
    public static DatasetCatalog Shared { get; } = Create();

    /// <summary>A catalog that shares nothing with others.</summary>
    public static DatasetCatalog Create() => new(extract: Extract);

    private static Dataset Extract(string modelFile, Dataset images)
    {
        using var model = ModelFile.Load(modelFile);
        return FeatureExtraction.Extract(model.Model, images);
    }
}

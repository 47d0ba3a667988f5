using Engine.Data;

namespace Engine.Formats;

/// <summary>Catalogs of data sets that can also extract features with saved models.</summary>
public static class Datasets
{
    /// <summary>The catalog that is shared by all runs of the process.</summary>
    public static DatasetCatalog Shared { get; } = Create();

    /// <summary>A catalog with its own cache.</summary>
    public static DatasetCatalog Create() => new(extract: Extract);

    private static Dataset Extract(string modelFile, Dataset images)
    {
        using var model = ModelFile.Load(modelFile);
        return FeatureExtraction.Extract(model.Model, images);
    }
}

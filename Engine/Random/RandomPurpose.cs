namespace Engine.Random;

/// <summary>What a random stream is for; part of its key. Numbers are never reused: they decide what a seed gives.</summary>
public enum RandomPurpose
{
    /// <summary>Initial weights; indexed by parameter.</summary>
    Weights = 1,
    /// <summary>The order of the examples; indexed by epoch.</summary>
    Order = 2,
    /// <summary>Dropout masks; indexed by layer and step.</summary>
    Dropout = 3,
    /// <summary>The validation split.</summary>
    Split = 4,
    /// <summary>Shifts and flips; indexed by epoch.</summary>
    Augmentation = 5,
    /// <summary>The built-in glyphs; indexed by glyph and by image.</summary>
    Glyphs = 6,
}

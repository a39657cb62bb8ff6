namespace Hypergrad.Data;

/// <summary>How inputs are brought to a common scale.</summary>
public enum NormalizationMode
{
    /// <summary>Inputs stay as they are.</summary>
    None,

    /// <summary>All inputs through one line that takes the least number of the training set to 0 and the greatest to 1.</summary>
    UnitRange,

    /// <summary>Each input feature to mean 0 and variance 1 over the training set.</summary>
    Standardize,

    /// <summary>Each input feature to mean 0 over the training set.</summary>
    Center,
}

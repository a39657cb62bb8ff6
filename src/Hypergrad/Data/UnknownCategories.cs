namespace Hypergrad.Data;

/// <summary>What is done about a category that none of the examples has that an encoding was learned from.</summary>
public enum UnknownCategories
{
    /// <summary>The table is refused, with the place, the column and the category.</summary>
    Refuse,

    /// <summary>All inputs of the column are 0, as where the entry is missing and imputed.</summary>
    Zero,
}

namespace Hypergrad.Data;

/// <summary>What the targets of a table are.</summary>
public enum LearningTask
{
    /// <summary>A class per example: one-hot targets, for softmax cross-entropy.</summary>
    Classification,

    /// <summary>One number or several per example, for the squared loss.</summary>
    Regression,
}

namespace Hypergrad.Data;

/// <summary>A dataset cut in up to three parts that share no example.</summary>
/// <param name="Train">What the elementary training runs on.</param>
/// <param name="Validation">What guides the hyperparameters.</param>
/// <param name="Test">What judges the outcome, seen by neither; null when no test part was asked for.</param>
public sealed record DataSplit(Dataset Train, Dataset Validation, Dataset? Test);

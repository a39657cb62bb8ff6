namespace Hypergrad.Observability;

/// <summary>The activities of the library.</summary>
internal static class ActivityNames
{
    /// <summary>A tuning, from where it stood to its end or until it is stopped.</summary>
    public const string Tuning = "tuning";

    /// <summary>One meta-step of it.</summary>
    public const string MetaStep = "meta-step";

    /// <summary>The whole of a hypergradient.</summary>
    public const string Hypergradient = "hypergradient";

    /// <summary>The whole of a plain training.</summary>
    public const string Training = "training";

    /// <summary>Predictions of a trained model.</summary>
    public const string Prediction = "prediction";

    /// <summary>The activity of a phase.</summary>
    public static string Of(RunPhase phase) => phase.ToString().ToLowerInvariant();
}

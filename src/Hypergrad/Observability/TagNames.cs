namespace Hypergrad.Observability;

/// <summary>The tags of activities and measurements.</summary>
internal static class TagNames
{
    public const string Backend = "hypergrad.backend";
    public const string Precision = "hypergrad.precision";
    public const string Network = "hypergrad.network";
    public const string Steps = "hypergrad.steps";
    public const string Replicas = "hypergrad.replicas";
    public const string Method = "hypergrad.method";
    public const string Phase = "hypergrad.phase";
    public const string Examples = "hypergrad.examples";
    public const string TrainingLoss = "hypergrad.training_loss";
    public const string ValidationLoss = "hypergrad.validation_loss";
    public const string TestLoss = "hypergrad.test_loss";
    public const string Exact = "hypergrad.exact";
    public const string BitsPerWeightStep = "hypergrad.bits_per_weight_step";
    public const string Coordinates = "hypergrad.coordinates";
    public const string MetaSteps = "hypergrad.meta_steps";
    public const string MetaStep = "hypergrad.meta_step";
    public const string GradientNorm = "hypergrad.gradient_norm";
    public const string Outcome = "hypergrad.outcome";
}

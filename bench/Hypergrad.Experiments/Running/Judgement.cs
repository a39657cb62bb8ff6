using Hypergrad.MetaOptimization;

namespace Hypergrad.Experiments.Running;

/// <summary>How a training did.</summary>
/// <param name="Validation">The validation loss, in nats.</param>
/// <param name="Test">The test loss, in nats.</param>
/// <param name="TestErrorRate">The fraction of test examples classified wrongly.</param>
internal sealed record Judgement(double Validation, double Test, double TestErrorRate)
{
    /// <summary>Of a meta-step.</summary>
    public static Judgement Of(MetaStepRecord record) => new(record.Validation.Mean, record.Test!.Value.Mean, record.TestErrorRate!.Value);
}

using Hypergrad.Hyperparameters;

namespace Hypergrad.Optimizers;

/// <summary>What optimizers with a velocity share: v ← γv − (1 − δ)g.</summary>
public abstract record VelocityOptimizer : Optimizer, IDampened
{
    /// <summary>α, the learning rate.</summary>
    public required Schedule LearningRate { get; init; }

    /// <summary>γ, the momentum coefficient, from 0 to 1.</summary>
    public required Schedule Coefficient { get; init; }

    /// <inheritdoc/>
    public double? Dampening
    {
        get;
        init => field = value is null or (>= 0 and <= 1)
            ? value
            : throw new ConfigurationException($"A dampening of {value}: it must be from 0 to 1, or the momentum itself.");
    }

    /// <inheritdoc/>
    public override IReadOnlyList<(Quantity, Schedule)> Schedules =>
        [(Quantity.LearningRate, LearningRate), (Quantity.Momentum, Coefficient)];

    /// <inheritdoc/>
    public override Optimizer With(Quantity quantity, Schedule schedule) =>
        quantity == Quantity.LearningRate ? this with { LearningRate = schedule } : this with { Coefficient = schedule };

    /// <inheritdoc/>
    public Optimizer WithDampening(double? dampening) => this with { Dampening = dampening };

    /// <summary>α, γ, 1 − δ and v, of which the lists of these optimizers are made.</summary>
    private protected (Coefficient α, Coefficient γ, Coefficient Undampened, Slot v) Parts(OptimizerTables tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        tables.Require(Name, Quantity.Momentum, momentum => momentum is >= 0 and <= 1, "from 0 to 1");
        var γ = tables.MomentumOf(Quantity.Momentum);
        return (tables.Of(Quantity.LearningRate), γ, Optimizers.Coefficient.Undampened(γ, Dampening),
            new Slot("velocity", Initial: Quantity.InitialVelocity));
    }
}

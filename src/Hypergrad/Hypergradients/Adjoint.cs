using Hypergrad.Backends;
using Hypergrad.Hyperparameters;

namespace Hypergrad.Hypergradients;

/// <summary>
/// The adjoint state that a sweep carries from the end of training to its start, and the hypergradients it gathers on the way.
/// </summary>
internal sealed class Adjoint(ISession session, RawParts parts) : IDisposable
{
    /// <summary>dw = ∂F/∂w_t.</summary>
    public IVector Weights { get; } = session.NewVector();

    /// <summary>dv = ∂F/∂v_t.</summary>
    public IVector Velocity { get; } = session.NewVector();

    /// <summary>u, along which the Hessian is multiplied.</summary>
    public IVector Direction { get; } = session.NewVector();

    /// <summary>Hu.</summary>
    public IVector HessianProduct { get; } = session.NewVector();

    /// <summary>dα.</summary>
    public IScheduleVector? LearningRate { get; } =
        parts.HasFlag(RawParts.LearningRate) ? session.NewScheduleVector(StepCoefficient.LearningRate) : null;

    /// <summary>dγ.</summary>
    public IScheduleVector? Momentum { get; } = parts.HasFlag(RawParts.Momentum)
        ? session.NewScheduleVector(StepCoefficient.Momentum)
        : null;

    /// <summary>dλ.</summary>
    public IVector? L2 { get; } = parts.HasFlag(RawParts.L2) ? session.NewVector() : null;

    /// <summary>dμ.</summary>
    public IVector? L1 { get; } = parts.HasFlag(RawParts.L1) ? session.NewVector() : null;

    /// <summary>dX, dY, dω.</summary>
    public IDataVector? Data { get; } = (parts & RawParts.Data) != 0 ? session.NewDataVector(parts & RawParts.Data) : null;

    /// <summary>One replica's hypergradients, after the sweep.</summary>
    public RawGradient ToRawGradient(int replica) => RawGradient.Create(part => !parts.HasFlag(part) ? null : part switch
    {
        RawParts.LearningRate => LearningRate!.ToArray(replica),
        RawParts.Momentum => Momentum!.ToArray(replica),
        RawParts.InitialWeights => ToArray(Weights, replica),
        RawParts.InitialVelocity => ToArray(Velocity, replica),
        RawParts.L2 => ToArray(L2!, replica),
        RawParts.L1 => ToArray(L1!, replica),
        _ => Data!.ToArray(part, replica),
    });

    public void Dispose()
    {
        foreach (var vector in new IDisposable?[] { Weights, Velocity, Direction, HessianProduct, LearningRate, Momentum, L2, L1, Data })
            vector?.Dispose();
    }

    private double[] ToArray(IVector vector, int replica)
    {
        var values = new double[session.Run.Model.ParameterCount];
        vector.CopyTo(replica, values);
        return values;
    }
}

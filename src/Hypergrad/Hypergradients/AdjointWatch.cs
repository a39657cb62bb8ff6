using Hypergrad.Backends;

namespace Hypergrad.Hypergradients;

/// <summary>
/// Measures how the adjoint of the weights grows along a sweep. It reads, between steps, and changes nothing: one vector is copied out
/// for each replica and step that is measured.
/// </summary>
internal sealed class AdjointWatch
{
    private readonly ISession session;
    private readonly IVector adjoint;
    private readonly double[] values, atEnd;

    /// <summary>Watches from the end of training on.</summary>
    /// <param name="session">The session of the sweep.</param>
    /// <param name="adjoint">w̄, which is ∇F(w_T) now.</param>
    public AdjointWatch(ISession session, IVector adjoint)
    {
        (this.session, this.adjoint) = (session, adjoint);
        values = new double[session.Run.Network.ParameterCount];
        atEnd = Norms();
        Growth = new(1, session.Run.Steps);
    }

    /// <summary>What was measured so far.</summary>
    public AdjointGrowth Growth { get; private set; }

    /// <summary>Measures w̄_t, the sweep having come back to a step.</summary>
    /// <param name="step">t.</param>
    public void Measure(int step)
    {
        double factor = Norms().Zip(atEnd, (now, then) => now == 0 ? 0 : now / then).Max();
        if (factor > Growth.Factor)
            Growth = new(factor, step);
    }

    private double[] Norms() => [.. Enumerable.Range(0, session.Run.Replicas).Select(replica =>
    {
        adjoint.CopyTo(replica, values);
        double sum = 0;
        foreach (double value in values)
            sum += value * value;
        return Math.Sqrt(sum);
    })];
}

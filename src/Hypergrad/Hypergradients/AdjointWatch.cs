using Hypergrad.Backends;

namespace Hypergrad.Hypergradients;

/// <summary>
/// Measures how the adjoint of the weights grows along a sweep. It reads, between steps, and changes nothing: where a vector knows its norm
/// it is asked, and else it is copied out for each replica and step that is measured.
/// </summary>
internal sealed class AdjointWatch
{
    private readonly ISession session;
    private readonly IVector adjoint;
    private readonly double[] atEnd;
    private double[]? values;

    /// <summary>Watches from the end of training on.</summary>
    /// <param name="session">The session of the sweep.</param>
    /// <param name="adjoint">w̄, which is ∇F(w_T) now.</param>
    public AdjointWatch(ISession session, IVector adjoint)
    {
        (this.session, this.adjoint) = (session, adjoint);
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

    private double[] Norms() => [.. Enumerable.Range(0, session.Run.Replicas).Select(replica => Math.Sqrt(SquaredNorm(replica)))];

    private double SquaredNorm(int replica)
    {
        if (adjoint is INormedVector normed)
            return normed.SquaredNorm(replica);
        values ??= new double[session.Run.Network.ParameterCount];
        adjoint.CopyTo(replica, values);
        double sum = 0;
        foreach (double value in values)
            sum += value * value;
        return sum;
    }
}

using Hypergrad.Backends;
using Hypergrad.Hyperparameters;

namespace Hypergrad.Hypergradients;

/// <summary>
/// The adjoint state that a sweep carries from the end of training to its start, and the hypergradients it gathers on the way.
/// </summary>
internal sealed class Adjoint : IDisposable
{
    private readonly ISession session;
    private readonly IReadOnlyCollection<Quantity> quantities;

    public Adjoint(ISession session, IReadOnlyCollection<Quantity> quantities)
    {
        (this.session, this.quantities) = (session, quantities);
        var optimizer = session.Run.Optimizer;
        State = new(session.NewVector(), [.. session.Slots.Select(_ => session.NewVector())],
            [.. optimizer.Coefficients.Select((coefficient, i) =>
                coefficient.Quantities.Any(quantities.Contains) ? session.NewCoefficientVector(i) : null)]);
        Direction = session.NewVector();
        HessianProduct = session.NewVector();
        L2 = quantities.Contains(Quantity.L2) ? session.NewVector() : null;
        L1 = quantities.Contains(Quantity.L1) ? session.NewVector() : null;
        var data = quantities.Where(quantity => quantity.IsOfData).ToArray();
        Data = data.Length > 0 ? session.NewDataVector(data) : null;
    }

    /// <summary>w̄, slot‾, and the gradients of the optimizer's coefficients.</summary>
    public OptimizerAdjoint State { get; }

    /// <summary>u, along which the Hessian is multiplied.</summary>
    public IVector Direction { get; }

    /// <summary>Hu.</summary>
    public IVector HessianProduct { get; }

    /// <summary>dλ.</summary>
    public IVector? L2 { get; }

    /// <summary>dμ.</summary>
    public IVector? L1 { get; }

    /// <summary>dX, dY, dω.</summary>
    public IDataVector? Data { get; }

    /// <summary>One replica's hypergradients, after the sweep.</summary>
    public RawGradient ToRawGradient(int replica)
    {
        var tables = OptimizerTables(replica);
        return RawGradient.Create(quantity =>
            !quantities.Contains(quantity) ? null
            : tables.TryGetValue(quantity, out double[]? table) ? table
            : quantity == Quantity.InitialWeights ? ToArray(State.Weights, replica)
            : quantity == Quantity.L2 ? ToArray(L2!, replica)
            : quantity == Quantity.L1 ? ToArray(L1!, replica)
            : quantity.IsOfData ? Data!.ToArray(quantity, replica)
            : StartOf(quantity, replica));
    }

    public void Dispose()
    {
        foreach (var vector in State.Slots)
            vector.Dispose();
        foreach (var vector in State.Coefficients)
            vector?.Dispose();
        foreach (var vector in new IDisposable?[] { State.Weights, Direction, HessianProduct, L2, L1, Data })
            vector?.Dispose();
    }

    // What was gathered for every coefficient, pulled back to the quantities that it is made of.
    private Dictionary<Quantity, double[]> OptimizerTables(int replica)
    {
        var optimizer = session.Run.Optimizer;
        var tables = new Dictionary<Quantity, double[]>();
        foreach (var (quantity, table) in optimizer.Tables)
            if (quantities.Contains(quantity))
                tables.Add(quantity, new double[table.Values.Length]);
        foreach (var (i, coefficient) in optimizer.Coefficients.Index())
            if (State.Coefficients[i] is { } gathered)
                coefficient.PullBack(gathered.ToArray(replica), tables);
        return tables;
    }

    private double[]? StartOf(Quantity quantity, int replica) =>
        session.Run.Optimizer.Slots.Index().FirstOrDefault(entry => entry.Item.Initial == quantity) is { Item: not null } slot
            ? ToArray(State.Slots[slot.Index], replica)
            : null;

    private double[] ToArray(IVector vector, int replica)
    {
        var values = new double[session.Run.Network.ParameterCount];
        vector.CopyTo(replica, values);
        return values;
    }
}

using static TorchSharp.torch;

namespace Hypergrad.TorchPeer;

/// <summary>
/// The hypergradient of a case by differentiating the unrolled training, in one piece or in chunks of which only the states between are
/// kept, as bench/peers/torch_peer.py does in Python.
/// </summary>
/// <param name="given">The case.</param>
/// <param name="chunk">Steps of a chunk.</param>
internal sealed class Unrolled(Case given, int chunk)
{
    private readonly Optimizer optimizer = new(given.Epsilon);
    private readonly int tensors = given.Start.Length;

    /// <summary>The validation loss, and the gradients of the optimizer's quantities, the initial weights and the L2.</summary>
    public (double ValidationLoss, double[][] Gradient) Compute()
    {
        using var all = NewDisposeScope();
        var schedules = given.Quantities.ToDictionary(
            quantity => quantity.Name, quantity => full(given.Steps, tensors, quantity.Value, given.Precision, requires_grad: true));
        var tables = optimizer.Tables(schedules);
        Tensor[] penalties = [.. given.Start.Select(weights => full_like(weights, given.L2).requires_grad_())];
        Tensor[] state = [.. given.Start, .. Enumerable.Range(0, optimizer.Slots).SelectMany(_ => given.Start).Select(w => zeros_like(w))];
        var (loss, ofTables, ofPenalties, ofStart) = Backward(Forward(tables, penalties, state), tables, penalties);
        var ofSchedules = autograd.grad(tables, [.. given.Quantities.Select(quantity => schedules[quantity.Name])], ofTables);
        return (loss, [.. ofSchedules.Select(Values), .. ofStart.Select(Values), .. ofPenalties.Select(Values)]);
    }

    private static double[] Values(Tensor gradient) => [.. Network.ToCase(gradient).to(ScalarType.Float64).data<double>()];

    // The states at the beginnings of the chunks, without a graph.
    private Stack<Tensor[]> Forward(Tensor[] tables, Tensor[] penalties, Tensor[] state)
    {
        var states = new Stack<Tensor[]>([state]);
        for (int begin = 0; begin < given.Steps - chunk; begin += chunk)
        {
            using var without = no_grad();
            states.Push(Steps(begin, begin + chunk, Rows(tables, begin), penalties, states.Peek(), withGraph: false));
        }
        return states;
    }

    private (double Loss, Tensor[] OfTables, Tensor[] OfPenalties, Tensor[] OfStart) Backward(
        Stack<Tensor[]> states, Tensor[] tables, Tensor[] penalties)
    {
        var parts = new Stack<Tensor[]>();
        Tensor[]? adjoint = null, ofPenalties = null;
        double loss = 0;
        while (states.Count > 0)
        {
            using var here = NewDisposeScope();
            int begin = (states.Count - 1) * chunk;
            Tensor[] leaves = [.. states.Pop().Select(tensor => tensor.detach().requires_grad_())];
            Tensor[] rows = [.. Rows(tables, begin).Select(row => row.detach().requires_grad_())];
            var ends = Steps(begin, Math.Min(begin + chunk, given.Steps), rows, penalties, leaves, withGraph: true);
            if (adjoint is null)
            {
                ends = [given.Network.LossOf(ends[..tensors], given.ValidationInputs, given.ValidationLabels)];
                loss = ends[0].to(ScalarType.Float64).item<double>();
            }
            Tensor[] found = [.. autograd.grad(ends, [.. rows, .. penalties, .. leaves], adjoint)];
            foreach (var gradient in found)
                gradient.MoveToOuterDisposeScope();
            int at = rows.Length;
            parts.Push(found[..at]);
            var now = found[at..(at + tensors)];
            ofPenalties = ofPenalties is null ? now : [.. ofPenalties.Zip(now, (sum, more) => sum.add_(more))];
            adjoint = found[(at + tensors)..];
        }
        Tensor[] ofTables = [.. Enumerable.Range(0, tables.Length).Select(i => cat([.. parts.Select(part => part[i])]))];
        return (loss, ofTables, ofPenalties!, adjoint![..tensors]);
    }

    private Tensor[] Rows(Tensor[] tables, int begin) =>
        [.. tables.Select(table => table.narrow(0, begin, Math.Min(chunk, given.Steps - begin)))];

    // The state after steps: the weights, then the slots. Unbound once: the gradient of each row alone would be a table of zeros beside it.
    private Tensor[] Steps(int begin, int end, Tensor[] tables, Tensor[] penalties, Tensor[] state, bool withGraph)
    {
        Tensor[][] rows = [.. tables.Select(table => table.unbind(0))];
        for (int step = begin; step < end; step++)
            state = Step(given.Batches[step], [.. rows.Select(table => table[step - begin])], penalties, state, withGraph);
        return state;
    }

    // Handles of a step's intermediate tensors are released at its end: the graph keeps those that it needs.
    private Tensor[] Step(Tensor batch, Tensor[] rows, Tensor[] penalties, Tensor[] state, bool withGraph)
    {
        using var step = NewDisposeScope();
        var gradients = Gradients(batch, state, withGraph);
        // The penalty's gradient by hand: an operation a tensor in place of four.
        for (int i = 0; i < tensors; i++)
            gradients[i].addcmul_(penalties[i], state[i], 2);
        var next = optimizer.Step([.. rows.Select(row => row.unbind(0))], state, gradients);
        foreach (var tensor in next)
            tensor.MoveToOuterDisposeScope();
        return next;
    }

    private Tensor[] Gradients(Tensor batch, Tensor[] state, bool withGraph)
    {
        using var with = enable_grad();
        Tensor[] weights = withGraph ? state[..tensors] : [.. state[..tensors].Select(tensor => tensor.detach().requires_grad_())];
        var loss = given.Network.LossOf(weights, given.Inputs.index_select(0, batch), given.Labels.index_select(0, batch));
        return [.. autograd.grad([loss], weights, retain_graph: withGraph, create_graph: withGraph)];
    }
}

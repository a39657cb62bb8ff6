using Hypergrad.Hyperparameters;
using Hypergrad.Interop;

namespace Hypergrad.Backends.Native;

/// <summary>Where dX, dY and dω are gathered in the native library.</summary>
internal sealed unsafe class NativeDataVector(
    NativeSession session, NativeObject owned, IReadOnlyCollection<Quantity> quantities) : IDataVector
{
    /// <summary>The library's handle.</summary>
    public ulong Handle => owned.Value;

    /// <summary>The numbers of the quantities, joined.</summary>
    public static hg_data_part NumberOf(params IEnumerable<Quantity> quantities)
    {
        hg_data_part parts = 0;
        foreach (var quantity in quantities)
            parts |= quantity.Shape switch
            {
                QuantityShape.Inputs => hg_data_part.HG_INPUTS,
                QuantityShape.Targets => hg_data_part.HG_TARGETS,
                QuantityShape.Examples => hg_data_part.HG_EXAMPLE_WEIGHTS,
                _ => throw new ArgumentOutOfRangeException(nameof(quantities), quantity, "Ask for inputs, targets or example weights."),
            };
        return parts;
    }

    public double[]? ToArray(Quantity quantity, int replica)
    {
        ArgumentNullException.ThrowIfNull(quantity);
        var part = NumberOf(quantity);
        if (!quantities.Contains(quantity))
            return null;
        var training = session.Run.Training;
        int size = quantity.Shape switch
        {
            QuantityShape.Inputs => training.InputSize,
            QuantityShape.Targets => training.TargetSize,
            _ => 1,
        };
        var values = new double[checked(training.Count * size)];
        fixed (double* at = values)
            session.Check(NativeMethods.hg_data_vector_read(session.Handle, Handle, (int)part, replica, 0, values.Length, at), this);
        return values;
    }

    public void Dispose() => owned.Dispose();
}

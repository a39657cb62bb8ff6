using Hypergrad.Hyperparameters;
using Hypergrad.Interop;

namespace Hypergrad.Backends.Native;

/// <summary>Where dX, dY and dω are gathered in the native library.</summary>
internal sealed unsafe class NativeDataVector(NativeSession session, NativeObject owned, RawParts parts) : IDataVector
{
    /// <summary>The library's handle.</summary>
    public ulong Handle => owned.Value;

    /// <summary>The numbers of the parts, joined.</summary>
    public static hg_data_part NumberOf(RawParts parts) =>
        (parts.HasFlag(RawParts.Inputs) ? hg_data_part.HG_INPUTS : 0)
        | (parts.HasFlag(RawParts.Targets) ? hg_data_part.HG_TARGETS : 0)
        | (parts.HasFlag(RawParts.ExampleWeights) ? hg_data_part.HG_EXAMPLE_WEIGHTS : 0);

    public double[]? ToArray(RawParts part, int replica)
    {
        int size = part switch
        {
            RawParts.Inputs => session.Run.Model.InputSize,
            RawParts.Targets => session.Run.Model.OutputSize,
            RawParts.ExampleWeights => 1,
            _ => throw new ArgumentOutOfRangeException(nameof(part), part, "Ask for inputs, targets or example weights."),
        };
        if (!parts.HasFlag(part))
            return null;
        var values = new double[checked(session.Run.Minibatches.ExampleCount * size)];
        fixed (double* at = values)
            session.Check(
                NativeMethods.hg_data_vector_read(session.Handle, Handle, (int)NumberOf(part), replica, 0, values.Length, at), this);
        return values;
    }

    public void Dispose() => owned.Dispose();
}

using Hypergrad.Interop;
using Hypergrad.Networks;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Backends.Native;

/// <summary>Writes a network's program down for the native library: each kind of operation in the fields that it reads.</summary>
internal static unsafe class ProgramDescription
{
    /// <summary>The numbers of an example of every value, in the order of their numbers.</summary>
    public static hg_value[] ValuesOf(NetworkProgram program)
    {
        var values = new hg_value[program.ValueCount];
        Array.Fill(values, new() { struct_size = sizeof(hg_value) });
        values[0].numbers = program.Input.Shape.Count;
        foreach (var operation in program.Operations)
            values[operation.Output.Index].numbers = operation.Output.Shape.Count;
        return values;
    }

    /// <summary>The parameters.</summary>
    public static hg_parameter[] ParametersOf(NetworkProgram program, NativeArena arena) => [.. program.Parameters.Select(parameter =>
        new hg_parameter
        {
            struct_size = sizeof(hg_parameter), rows = parameter.Rows, columns = parameter.Columns, name = arena.Text(parameter.Name),
        })];

    /// <summary>The operations, in their order.</summary>
    public static hg_operation[] OperationsOf(NetworkProgram program, NativeArena arena) =>
        [.. program.Operations.Select(operation => Describe(operation, arena))];

    private static hg_operation Describe(Operation operation, NativeArena arena)
    {
        var described = operation switch
        {
            Affine affine => new hg_operation
            {
                kind = (int)hg_operation_kind.HG_AFFINE,
                activation = NumberOf(affine.Activation),
                window = WindowOf(affine.Patches, arena),
            },
            Activate activate => new() { kind = (int)hg_operation_kind.HG_ACTIVATE, activation = NumberOf(activate.Activation) },
            Pool pool => new()
            {
                kind = (int)hg_operation_kind.HG_POOL,
                is_maximum = pool.IsMaximum ? 1 : 0,
                window = WindowOf(pool.Windows, arena),
            },
            Add => new() { kind = (int)hg_operation_kind.HG_ADD },
            AddParameter => new() { kind = (int)hg_operation_kind.HG_ADD_PARAMETER },
            Normalize normalize => new()
            {
                kind = (int)hg_operation_kind.HG_NORMALIZE,
                positions = normalize.Positions,
                groups = normalize.Groups,
            },
            Embed => new() { kind = (int)hg_operation_kind.HG_EMBED },
            BatchedProduct product => Describe(product),
            RowSoftmax softmax => new()
            {
                kind = (int)hg_operation_kind.HG_ROW_SOFTMAX,
                is_causal = softmax.IsCausal ? 1 : 0,
                rows = softmax.Input.Shape.Rank > 1 ? softmax.Input.Shape[softmax.Input.Shape.Rank - 2] : 1,
                columns = softmax.Input.Shape.Last,
            },
            DropUnits drop => new() { kind = (int)hg_operation_kind.HG_DROP_UNITS, rate = drop.Rate, ordinal = drop.Ordinal },
            _ => throw new ConfigurationException($"The native library has no operation {operation.GetType().Name}."),
        };
        described.struct_size = sizeof(hg_operation);
        described.input = operation.Inputs[0].Index;
        described.other = operation.Inputs.Count > 1 ? operation.Inputs[1].Index : -1;
        described.output = operation.Output.Index;
        described.first = operation.Parameters.Count > 0 ? operation.Parameters[0].Index : -1;
        described.second = operation.Parameters.Count > 1 ? operation.Parameters[1].Index : -1;
        return described;
    }

    private static hg_operation Describe(BatchedProduct product) => new()
    {
        kind = (int)hg_operation_kind.HG_BATCHED_PRODUCT,
        heads = product.Heads,
        rows = product.Rows,
        columns = product.Columns,
        depth = product.Depth,
        factor = product.Factor,
        is_transposed = product.TransposeRight ? 1 : 0,
        left_row_stride = product.LeftLayout.RowStride,
        left_head_stride = product.LeftLayout.HeadStride,
        right_row_stride = product.RightLayout.RowStride,
        right_head_stride = product.RightLayout.HeadStride,
        result_row_stride = product.ResultLayout.RowStride,
        result_head_stride = product.ResultLayout.HeadStride,
    };

    private static hg_window* WindowOf(Patches? patches, NativeArena arena) => patches is null ? null : arena.Copy(new hg_window
    {
        struct_size = sizeof(hg_window),
        input_height = patches.InputHeight,
        input_width = patches.InputWidth,
        channels = patches.Channels,
        kernel_height = patches.KernelHeight,
        kernel_width = patches.KernelWidth,
        stride_height = patches.StrideHeight,
        stride_width = patches.StrideWidth,
        padding_height = patches.PaddingHeight,
        padding_width = patches.PaddingWidth,
    });

    private static int NumberOf(Activation activation) => (int)(activation switch
    {
        Activation.Tanh => hg_activation.HG_TANH,
        Activation.Relu => hg_activation.HG_RELU,
        Activation.Sigmoid => hg_activation.HG_SIGMOID,
        Activation.Softplus => hg_activation.HG_SOFTPLUS,
        Activation.Gelu => hg_activation.HG_GELU,
        Activation.Identity => hg_activation.HG_IDENTITY,
        _ => throw new ConfigurationException($"The native library has no activation {activation}."),
    });
}

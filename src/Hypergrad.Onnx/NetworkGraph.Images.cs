using Hypergrad.Networks.Operations;

namespace Hypergrad.Onnx;

/// <summary>Convolutions and poolings. ONNX has the channels of an image before its rows, the library has them last.</summary>
internal sealed partial class NetworkGraph
{
    private string AddConvolution(Affine convolution, Patches windows)
    {
        string convolved = builder.Add("Conv", [ChannelsFirst(convolution.Input, windows), Kernels(convolution, windows),
                Tensor(convolution.Bias, convolution.Bias.Count)],
            ("kernel_shape", [windows.KernelHeight, windows.KernelWidth]),
            ("strides", [windows.StrideHeight, windows.StrideWidth]),
            ("pads", [windows.PaddingHeight, windows.PaddingWidth, windows.PaddingHeight, windows.PaddingWidth]));
        return AddActivation(ChannelsLast(convolved), convolution.Activation);
    }

    private string AddPool(Pool pool)
    {
        var windows = pool.Windows;
        return ChannelsLast(builder.Add(pool.IsMaximum ? "MaxPool" : "AveragePool", [ChannelsFirst(pool.Input, windows)],
            ("kernel_shape", [windows.KernelHeight, windows.KernelWidth]),
            ("strides", [windows.StrideHeight, windows.StrideWidth])));
    }

    private string ChannelsFirst(Networks.Value input, Patches windows)
    {
        string image = Read(input with { Shape = new(windows.InputHeight, windows.InputWidth, windows.Channels) });
        return builder.Transpose(image, 0, 3, 1, 2);
    }

    private string ChannelsLast(string image) => builder.Transpose(image, 0, 2, 3, 1);

    // [height × width × channels × outputs] becomes [outputs × channels × height × width].
    private string Kernels(Affine convolution, Patches windows)
    {
        int outputs = convolution.Weight.Columns, area = windows.KernelHeight * windows.KernelWidth, channels = windows.Channels;
        var from = weights.AsSpan(convolution.Weight.Offset, convolution.Weight.Count);
        var kernels = new float[from.Length];
        for (int place = 0; place < area; place++)
            for (int channel = 0; channel < channels; channel++)
                for (int output = 0; output < outputs; output++)
                    kernels[(output * channels + channel) * area + place] = from[(place * channels + channel) * outputs + output];
        return builder.Constant(kernels.AsSpan(), outputs, channels, windows.KernelHeight, windows.KernelWidth);
    }
}

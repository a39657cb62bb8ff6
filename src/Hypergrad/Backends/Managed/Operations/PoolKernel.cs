using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Hypergrad.Backends.Managed.Memory;
using Hypergrad.Backends.Managed.Simd;
using Hypergrad.Networks.Operations;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>
/// a′ = the largest or the mean number of each window, channel by channel. Which place of the window was the largest is remembered: the
/// passes after the forward one are linear then, a number of a window having the share 1 or 0; of a mean it has 1/n.
/// </summary>
internal sealed unsafe class PoolKernel<T> : OperationKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Patches windows;
    private readonly int outputHeight, outputWidth;
    private readonly OperationInput<T> input;
    private readonly ManagedValue<T> output;
    private readonly Team<T> team;
    private readonly T share;
    private readonly NativeBuffer<T>? choices;

    public PoolKernel(Pool operation, OperationInput<T> input, ManagedValue<T> output, Team<T> team, int capacity)
    {
        (windows, this.input, this.output, this.team) = (operation.Windows, input, output, team);
        (outputHeight, outputWidth) = (windows.OutputHeight, windows.OutputWidth);
        share = T.One / T.CreateTruncating(windows.KernelHeight * windows.KernelWidth);
        if (operation.IsMaximum)
            choices = new((long)capacity * output.Size);
    }

    public override void Forward(in PassContext<T> context)
    {
        T* from = input.Value.Data, to = output.Data;
        if (choices is null)
            Collect(from, to, context.Batch);
        else
            ForEachWindow(context.Batch, (source, target) => Choose(from + source, to + target, choices.Pointer + target));
    }

    public override void Backward(in PassContext<T> context)
    {
        if (input.WantsAdjoint)
            Spread(output.Adjoint, input.Value.Adjoint, context.Batch);
    }

    public override void TangentForward(in PassContext<T> context)
    {
        if (output.DependsOnWeights)
            Collect(input.Value.Tangent, output.Tangent, context.Batch);
    }

    public override void TangentBackward(in PassContext<T> context)
    {
        if (input.WantsAdjointTangent(context))
            Spread(output.AdjointTangent, input.Value.AdjointTangent, context.Batch);
    }

    public override void Dispose()
    {
        base.Dispose();
        choices?.Dispose();
    }

    private void Collect(T* from, T* to, int batch)
    {
        T* chosen = choices is null ? null : choices.Pointer;
        ForEachWindow(batch, (source, target) => Collect(from + source, to + target, chosen is null ? null : chosen + target));
    }

    private void Spread(T* from, T* to, int batch)
    {
        T* chosen = choices is null ? null : choices.Pointer;
        if (!input.AddsToAdjoint)
            team.Workers.For(batch, example => new Span<T>(to + (long)example * input.Value.Size, input.Value.Size).Clear());
        ForEachWindow(batch, (source, target) => Spread(from + target, to + source, chosen is null ? null : chosen + target));
    }

    // The windows of an image are one worker's, in their order; each comes with where it starts in the input, and in the output.
    private void ForEachWindow(int batch, Action<long, long> body) => team.Workers.For(batch, example =>
    {
        long image = (long)example * input.Value.Size, target = (long)example * output.Size;
        for (int row = 0; row < outputHeight; row++)
            for (int column = 0; column < outputWidth; column++, target += windows.Channels)
            {
                int pixel = row * windows.StrideHeight * windows.InputWidth + column * windows.StrideWidth;
                body(image + (long)pixel * windows.Channels, target);
            }
    });

    // Not a number wins over all numbers, so that it is not lost.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Choose(T* source, T* target, T* chosen)
    {
        for (int channel = 0; channel < windows.Channels; channel += Vector512<T>.Count)
        {
            int rest = windows.Channels - channel;
            Vector512<T> best = Elementwise.LoadPart(source + channel, rest), choice = Vector512<T>.Zero, place = choice;
            for (int y = 0; y < windows.KernelHeight; y++)
                for (int x = 0; x < windows.KernelWidth; x++, place += Vector512<T>.One)
                {
                    var number = Elementwise.LoadPart(source + Offset(y, x) + channel, rest);
                    var better = Vector512.GreaterThan(number, best) | ~Vector512.Equals(number, number);
                    best = Vector512.ConditionalSelect(better, number, best);
                    choice = Vector512.ConditionalSelect(better, place, choice);
                }
            Elementwise.StorePart(best, target + channel, rest);
            Elementwise.StorePart(choice, chosen + channel, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Collect(T* source, T* target, T* chosen)
    {
        for (int channel = 0; channel < windows.Channels; channel += Vector512<T>.Count)
        {
            int rest = windows.Channels - channel;
            var choice = chosen is null ? default : Elementwise.LoadPart(chosen + channel, rest);
            Vector512<T> sum = default, place = default;
            for (int y = 0; y < windows.KernelHeight; y++)
                for (int x = 0; x < windows.KernelWidth; x++, place += Vector512<T>.One)
                {
                    var number = Elementwise.LoadPart(source + Offset(y, x) + channel, rest);
                    sum += chosen is null ? number : number & Vector512.Equals(choice, place);
                }
            Elementwise.StorePart(chosen is null ? sum * share : sum, target + channel, rest);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Spread(T* source, T* target, T* chosen)
    {
        for (int channel = 0; channel < windows.Channels; channel += Vector512<T>.Count)
        {
            int rest = windows.Channels - channel;
            var number = Elementwise.LoadPart(source + channel, rest);
            var choice = chosen is null ? default : Elementwise.LoadPart(chosen + channel, rest);
            var part = number * share;
            Vector512<T> place = default;
            for (int y = 0; y < windows.KernelHeight; y++)
                for (int x = 0; x < windows.KernelWidth; x++, place += Vector512<T>.One)
                {
                    T* to = target + Offset(y, x) + channel;
                    var added = chosen is null ? part : number & Vector512.Equals(choice, place);
                    Elementwise.StorePart(Elementwise.LoadPart(to, rest) + added, to, rest);
                }
        }
    }

    private int Offset(int y, int x) => (y * windows.InputWidth + x) * windows.Channels;
}

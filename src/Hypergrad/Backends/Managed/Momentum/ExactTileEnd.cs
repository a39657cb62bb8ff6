using System.Runtime.CompilerServices;

namespace Hypergrad.Backends.Managed.Momentum;

/// <summary>The last few weights of a tile, copied to a full vector's length, zeros behind them. Lives on the stack alone.</summary>
internal unsafe struct ExactTileEnd
{
    private fixed long position[ExactTile<float>.Width];
    private fixed long velocity[ExactTile<float>.Width];
    private fixed ushort digits[ExactTile<float>.Width];
    private fixed uint wide[ExactTile<float>.Width];

    // Room for floats or doubles.
    private fixed double gradient[ExactTile<float>.Width];
    private fixed double weight[ExactTile<float>.Width];
    private fixed double realVelocity[ExactTile<float>.Width];

    /// <summary>Copies the weights from place <paramref name="from"/> on and makes a tile of them.</summary>
    public ExactTile<T> Open<T>(in ExactTile<T> tile, int from) where T : unmanaged
    {
        var end = Tile(tile);
        Copy(tile, from, end, 0, tile.Count - from);
        return end;
    }

    /// <summary>Copies the weights back.</summary>
    public void Close<T>(in ExactTile<T> tile, int from) where T : unmanaged => Copy(Tile(tile), 0, tile, from, tile.Count - from);

    // An array that the tile does not have stays away here too.
    private ExactTile<T> Tile<T>(in ExactTile<T> tile) where T : unmanaged => new()
    {
        Position = (long*)Unsafe.AsPointer(ref position[0]),
        Velocity = (long*)Unsafe.AsPointer(ref velocity[0]),
        Digits = (ushort*)Unsafe.AsPointer(ref digits[0]),
        Wide = tile.Wide is null ? null : (uint*)Unsafe.AsPointer(ref wide[0]),
        Gradient = (T*)Unsafe.AsPointer(ref gradient[0]),
        Weight = (T*)Unsafe.AsPointer(ref weight[0]),
        RealVelocity = (T*)Unsafe.AsPointer(ref realVelocity[0]),
        Count = ExactTile<T>.Width,
    };

    private static void Copy<T>(in ExactTile<T> source, int from, in ExactTile<T> target, int to, int count) where T : unmanaged
    {
        Copy(source.Position + from, target.Position + to, count);
        Copy(source.Velocity + from, target.Velocity + to, count);
        Copy(source.Digits + from, target.Digits + to, count);
        Copy(source.Gradient + from, target.Gradient + to, count);
        Copy(source.Weight + from, target.Weight + to, count);
        Copy(source.RealVelocity + from, target.RealVelocity + to, count);
        if (source.Wide is not null)
            Copy(source.Wide + from, target.Wide + to, count);
    }

    private static void Copy<TNumber>(TNumber* source, TNumber* target, int count) where TNumber : unmanaged =>
        Unsafe.CopyBlockUnaligned(target, source, (uint)(count * sizeof(TNumber)));
}

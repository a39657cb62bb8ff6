using System.Numerics;
using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Backends.Native;

namespace Hypergrad.Tests.Backends;

/// <summary>Reads and writes vectors of any backend.</summary>
internal static unsafe class SessionVectors
{
    /// <summary>Writes one replica's numbers, rounded to the vector's precision, from a weight on.</summary>
    public static void Write(this IVector vector, ReadOnlySpan<double> values, int replica = 0, int first = 0)
    {
        switch (vector)
        {
            case NativeVector native:
                native.Write(replica, first, values);
                break;
            case ReplicatedVector replicated:
                replicated[replica].Write(values, 0, first);
                break;
            case ManagedVector<float> single:
                Write(single, values, replica, first);
                break;
            case ManagedVector<double> @double:
                Write(@double, values, replica, first);
                break;
            default:
                throw new ArgumentException($"There is no writing to a {vector.GetType()}.", nameof(vector));
        }
    }

    /// <summary>One replica's numbers.</summary>
    public static double[] Read(this IVector vector, int count, int replica = 0)
    {
        var values = new double[count];
        vector.CopyTo(replica, values);
        return values;
    }

    private static void Write<T>(ManagedVector<T> vector, ReadOnlySpan<double> values, int replica, int first)
        where T : unmanaged, INumberBase<T>
    {
        for (int i = 0; i < values.Length; i++)
            vector.Replica(replica)[first + i] = T.CreateTruncating(values[i]);
    }
}

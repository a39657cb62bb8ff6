namespace Hypergrad.Backends;

/// <summary>
/// A table of one number per step and group of a schedule, [replicas × steps × groups]: where dα or dγ is gathered. It starts at zero.
/// </summary>
public interface IScheduleVector : IDisposable
{
    /// <summary>Copies one replica's table out, [steps × groups].</summary>
    double[] ToArray(int replica);
}

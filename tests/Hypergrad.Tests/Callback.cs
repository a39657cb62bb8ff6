namespace Hypergrad.Tests;

/// <summary>Progress told at once, on the thread that computes.</summary>
internal sealed class Callback<T>(Action<T> told) : IProgress<T>
{
    public void Report(T value) => told(value);
}

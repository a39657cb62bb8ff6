namespace Hypergrad.Experiments.Running;

/// <summary>How large an experiment is made.</summary>
internal enum Size
{
    /// <summary>Seconds: what the tests run.</summary>
    Tiny,

    /// <summary>A minute or two on two cores.</summary>
    Quick,

    /// <summary>As large as the source had it, as far as the data goes.</summary>
    Full,
}

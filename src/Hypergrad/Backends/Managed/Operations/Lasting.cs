namespace Hypergrad.Backends.Managed.Operations;

/// <summary>What of an evaluation lasts until its tangent is taken.</summary>
internal enum Lasting
{
    /// <summary>Nothing: both are taken at once.</summary>
    Nothing,

    /// <summary>Values, of which the tangent is then taken together with the adjoints and theirs.</summary>
    Values,

    /// <summary>Values and adjoints: the passes may come one by one.</summary>
    All,
}

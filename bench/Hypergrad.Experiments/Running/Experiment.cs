namespace Hypergrad.Experiments.Running;

/// <summary>One experiment of the literature, done with this library.</summary>
internal abstract class Experiment
{
    /// <summary>What the command calls it: "schedules".</summary>
    public abstract string Name { get; }

    /// <summary>The heading of its page.</summary>
    public abstract string Title { get; }

    /// <summary>Who did it first, and where it is told.</summary>
    public abstract string Source { get; }

    /// <summary>What the source did and found.</summary>
    public abstract string SourceFound { get; }

    /// <summary>What it is done on, for its page.</summary>
    public virtual string DataOf(Laboratory laboratory) => laboratory.DataName;

    /// <summary>Does it.</summary>
    public abstract Study Run(Laboratory laboratory);
}

namespace Hypergrad.Hyperparameters;

/// <summary>How the values of a schedule become a value per step.</summary>
public enum ScheduleForm
{
    /// <summary>Each step has values of its own.</summary>
    PerStep,

    /// <summary>One value for all steps.</summary>
    Constant,

    /// <summary>Straight lines from knot to knot.</summary>
    PiecewiseLinear,

    /// <summary>One value for each of some equal pieces of the run.</summary>
    PiecewiseConstant,
}

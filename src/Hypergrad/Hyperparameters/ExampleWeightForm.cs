namespace Hypergrad.Hyperparameters;

/// <summary>In which range example weights are tuned.</summary>
public enum ExampleWeightForm
{
    /// <summary>ω = e^θ: any weight above 0. Weights that all grow act as a larger learning rate.</summary>
    Positive,

    /// <summary>ω = 1/(1 + e^−θ): between 0 and 1, so that an example can be left out but none counts more than once.</summary>
    Bounded,

    /// <summary>ω = n softmax θ over the n chosen examples: above 0 and 1 on average, so that examples compete.</summary>
    MeanOne,
}

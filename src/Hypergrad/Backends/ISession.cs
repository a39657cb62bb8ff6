using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Runs;

namespace Hypergrad.Backends;

/// <summary>
/// One run opened on one backend: its state and the primitives from which every method is built. All state is [replicas × …]; every
/// primitive acts on all replicas. A gradient evaluated again at the same weights and step is the same to the bit.
/// </summary>
public interface ISession : IDisposable
{
    /// <summary>The run.</summary>
    TrainingRun Run { get; }

    /// <summary>The floating-point type of gradients and vectors.</summary>
    Precision Precision { get; }

    /// <summary>w.</summary>
    IVector Weights { get; }

    /// <summary>v.</summary>
    IVector Velocity { get; }

    /// <summary>g, the gradient of the step's training loss, penalties included.</summary>
    IVector Gradient { get; }

    /// <summary>A new vector of one number per weight, zero.</summary>
    IVector NewVector();

    /// <summary>A new table for the gradient of a schedule, zero.</summary>
    /// <param name="schedule"><see cref="StepCoefficient.LearningRate"/> or <see cref="StepCoefficient.Momentum"/>.</param>
    IScheduleVector NewScheduleVector(StepCoefficient schedule);

    /// <summary>New numbers shaped like the training data, zero.</summary>
    /// <param name="parts">Any of <see cref="RawParts.Data"/>.</param>
    IDataVector NewDataVector(RawParts parts);

    /// <summary>Room for saved states.</summary>
    /// <param name="slots">How many, from slot 0.</param>
    IStateHistory NewHistory(int slots);

    /// <summary>The exact state, for training that is to be reversed.</summary>
    IReversibleState NewReversibleState();

    /// <summary>A line through the weights at some steps.</summary>
    /// <param name="knots">The steps, ascending, from 0 to T.</param>
    ILinePath NewLinePath(IReadOnlyList<int> knots);

    /// <summary>What is done at a step, to be run over several ranges of steps.</summary>
    /// <param name="body">
    /// Primitives of this session at the step that it is given; it may be called less often than there are steps.
    /// </param>
    IStepBody NewBody(Action<Step> body);

    /// <summary>Runs a body of this session once for every step of the range, in its order.</summary>
    void ForEachStep(StepRange range, IStepBody body);

    /// <summary>w ← w₀, v ← 0.</summary>
    void Start();

    /// <summary>g ← ∇L_t(w); the training loss of the step is noted.</summary>
    void EvaluateGradient(Step step);

    /// <summary>g ← ∇L_t(w) and Hu ← ∇²L_t(w) u in one pass (Pearlmutter's R-operator), penalties included.</summary>
    /// <param name="step">t.</param>
    /// <param name="direction">u.</param>
    /// <param name="hessianProduct">Hu, overwritten.</param>
    /// <param name="data">From this the derivatives along u of ∂L_t/∂X, ∂L_t/∂Y, ∂L_t/∂ω are subtracted; null for none.</param>
    void EvaluateGradientAndTangent(Step step, IVector direction, IVector hessianProduct, IDataVector? data);

    /// <summary>The mean loss and the error rate over a dataset at w, per replica.</summary>
    /// <param name="data">The validation or test set.</param>
    /// <param name="gradient">Overwritten with the gradient of the mean loss; null if it is not wanted.</param>
    Evaluation[] Evaluate(Dataset data, IVector? gradient = null);

    /// <summary>v ← γ_t v − (1 − γ_t)g, w ← w + α_t v, in floating point.</summary>
    void MomentumStep(Step step);

    /// <summary>target ← source.</summary>
    void Copy(IVector source, IVector target);

    /// <summary>target ← 0.</summary>
    void Clear(IVector target);

    /// <summary>target ← target − source.</summary>
    void Subtract(IVector source, IVector target);

    /// <summary>target ← c_t ∘ source; the two may be one.</summary>
    void Multiply(StepCoefficient coefficient, Step step, IVector source, IVector target);

    /// <summary>target ← target + c_t ∘ source.</summary>
    void MultiplyAdd(StepCoefficient coefficient, Step step, IVector source, IVector target);

    /// <summary>gradient[t, k] += Σ_{j in group k} a_j b_j; nothing if the gradient is null.</summary>
    void GroupDot(IScheduleVector? gradient, Step step, IVector a, IVector b);

    /// <summary>dλ ← dλ − 2 w ∘ u and dμ ← dμ − sign(w) ∘ u, those that are not null.</summary>
    void SubtractPenaltyTangent(IVector direction, IVector? l2, IVector? l1);

    /// <summary>The training losses noted so far, [steps], of one replica.</summary>
    double[] TrainingLosses(int replica);
}

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
    RawRun Run { get; }

    /// <summary>The floating-point type of gradients and vectors.</summary>
    Precision Precision { get; }

    /// <summary>w.</summary>
    IVector Weights { get; }

    /// <summary>What the optimizer keeps beside the weights, in the order of its slots.</summary>
    IReadOnlyList<IVector> Slots { get; }

    /// <summary>g, the gradient of the step's training loss, penalties included.</summary>
    IVector Gradient { get; }

    /// <summary>A new vector of one number per weight, zero.</summary>
    IVector NewVector();

    /// <summary>A new table for the gradient of a coefficient of the optimizer, zero.</summary>
    /// <param name="coefficient">Its place in <see cref="Optimizers.RawOptimizer.Coefficients"/>.</param>
    ICoefficientVector NewCoefficientVector(int coefficient);

    /// <summary>New numbers shaped like the training data, zero.</summary>
    /// <param name="quantities">Any of the quantities of data.</param>
    IDataVector NewDataVector(IReadOnlyCollection<Quantity> quantities);

    /// <summary>Room for saved states.</summary>
    /// <param name="count">How many, from number 0.</param>
    IStateHistory NewHistory(int count);

    /// <summary>The exact state, for training that is to be reversed.</summary>
    /// <exception cref="ConfigurationException">The optimizer's updates cannot be undone; the message says why.</exception>
    IReversibleState NewReversibleState();

    /// <summary>A line through the weights at some steps; for optimizers of one slot.</summary>
    /// <param name="knots">The steps, ascending, from 0 to T.</param>
    ILinePath NewLinePath(IReadOnlyList<int> knots);

    /// <summary>What is done at a step, to be run over several ranges of steps.</summary>
    /// <param name="body">
    /// Primitives of this session at the step that it is given, and nothing else: it may be called less often than there are steps, or once
    /// for every group of replicas, by several threads at a time.
    /// </param>
    IStepBody NewBody(Action<Step> body);

    /// <summary>Runs a body of this session once for every step of the range, in its order.</summary>
    void ForEachStep(StepRange range, IStepBody body);

    /// <summary>w ← w₀, slots ← 0.</summary>
    void Start();

    /// <summary>g ← ∇L_t(w); the training loss of the step is noted, but in a range that goes backward it need not be.</summary>
    void EvaluateGradient(Step step);

    /// <summary>
    /// Memory for time: keeps what the evaluations of the run's last steps leave, for as many steps as fit, until they are evaluated a
    /// second time, which is then a recollection of the same bits. Called before training; a session may keep none.
    /// </summary>
    /// <param name="bytes">Bytes for it.</param>
    /// <returns>For how many steps it will be done.</returns>
    int KeepEvaluations(long bytes);

    /// <summary>
    /// Hu ← ∇²L_t(w) u (Pearlmutter's R-operator), penalties included, right after <see cref="EvaluateGradient"/> of the same step at the
    /// same weights.
    /// </summary>
    /// <param name="step">t.</param>
    /// <param name="direction">u.</param>
    /// <param name="hessianProduct">Hu, overwritten.</param>
    /// <param name="data">To this the derivatives along u of ∂L_t/∂X, ∂L_t/∂Y, ∂L_t/∂ω are added; null for none.</param>
    void EvaluateTangent(Step step, IVector direction, IVector hessianProduct, IDataVector? data);

    /// <summary>
    /// The mean loss and the error rate over a dataset at w, per replica; without penalties, example weights and dropout.
    /// </summary>
    /// <param name="data">The validation or test set.</param>
    /// <param name="gradient">Overwritten with the gradient of the mean loss; null if it is not wanted.</param>
    /// <exception cref="OperationCanceledException">The session was cancelled.</exception>
    Evaluation[] Evaluate(Dataset data, IVector? gradient = null);

    /// <summary>All updates of the step, in floating point.</summary>
    void Advance(Step step);

    /// <summary>Pulls the drifts back: ā += Σ w̄∘ψ, slot‾ += a·w̄∘∂ψ/∂slot. The slots are those after the step.</summary>
    void PullBackDrifts(Step step, OptimizerAdjoint adjoint);

    /// <summary>Pulls the kicks back: c̄ += Σ x̄∘φ(g), u = Σ c·x̄∘φ′(g). The gradient is the step's.</summary>
    /// <param name="step">t.</param>
    /// <param name="adjoint">x̄ and c̄.</param>
    /// <param name="direction">u, overwritten, or added to.</param>
    /// <param name="add">Whether it is added to.</param>
    void PullBackKicks(Step step, OptimizerAdjoint adjoint, IVector direction, bool add = false);

    /// <summary>Pulls the decays back: c̄ += Σ x̄∘x, x̄ ← c·x̄. Weights and slots are those before the step.</summary>
    void PullBackDecays(Step step, OptimizerAdjoint adjoint);

    /// <summary>target ← source.</summary>
    void Copy(IVector source, IVector target);

    /// <summary>target ← 0.</summary>
    void Clear(IVector target);

    /// <summary>target ← target + source.</summary>
    void Add(IVector source, IVector target);

    /// <summary>dλ ← dλ + 2 w ∘ u and dμ ← dμ + sign(w) ∘ u, those that are not null.</summary>
    void AddPenaltyTangent(IVector direction, IVector? l2, IVector? l1);

    /// <summary>The training losses noted so far, [steps], of one replica.</summary>
    double[] TrainingLosses(int replica);
}

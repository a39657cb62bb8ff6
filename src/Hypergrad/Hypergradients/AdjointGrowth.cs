using System.Globalization;

namespace Hypergrad.Hypergradients;

/// <summary>
/// How far the adjoint w̄_t = ∂F/∂w_t grew on its way from the end of training back to its start. At and beyond the edge of stability
/// training is chaotic, and the adjoint grows by orders of magnitude: the hypergradient is still exact, but it holds only for changes of
/// the hyperparameters about as many times smaller, and a descent along it goes anywhere (Metz et al. 2021, arXiv:2111.05803).
/// </summary>
/// <param name="Factor">
/// The largest ‖w̄_t‖ / ‖w̄_T‖ over the steps at which it was measured, about twenty a run and the start among them, and over the
/// replicas; at least 1.
/// </param>
/// <param name="Step">t, the step at which it was largest; T where it never grew.</param>
public readonly record struct AdjointGrowth(double Factor, int Step)
{
    /// <summary>
    /// The factor beyond which <see cref="Warning"/> warns: read off a few tunings of one problem (MNIST, 784-50-50-50-10, 100 steps), in
    /// which predictions held for about the meta-optimizer's whole step at a growth of 2, for a few hundredths of it at 20 to 40, and for
    /// a hundredth beyond 100.
    /// </summary>
    public const double WarnBeyond = 100;

    /// <summary>Whether the hypergradient is to be distrusted for steps of usual size.</summary>
    public bool IsExploding => !(Factor <= WarnBeyond);

    /// <summary>What a person is told where the adjoint exploded, and the remedy; null where it did not.</summary>
    public string? Warning => !IsExploding ? null : string.Create(
        CultureInfo.InvariantCulture, $"The adjoint grew {Factor:0.#E+0}-fold on the way back to step {Step}: ")
        + "training is beyond the edge of stability, and its hypergradient, though exact, holds only for very small changes. "
        + "Lower the learning rate, or train for fewer steps.";
}

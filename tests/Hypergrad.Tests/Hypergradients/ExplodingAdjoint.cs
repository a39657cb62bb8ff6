using System.Numerics;
using Hypergrad.Data;
using Hypergrad.Networks;
using Hypergrad.Tests.Runs;

namespace Hypergrad.Tests.Hypergradients;

/// <summary>
/// A run that starts at its optimum and stays there, with a learning rate by which every step moves a small change away from it: training
/// is as tame as can be, and the adjoint grows about 15-fold from step to step.
/// </summary>
internal static class ExplodingAdjoint
{
    private const int Rate = 16;

    /// <summary>f(x) = w x + b with w = b = ½, and every example x = 1, y = 1. Validation has x = 1, y = 0: at its gradient dw is
    /// 1.</summary>
    public static SmallRun Run(int steps)
    {
        var run = new SmallRun(1, [1, 1], Activation.Identity, Loss.Squared, steps, examples: 2)
        {
            L2 = [0, 0],
            L1 = [0, 0],
            InitialWeights = [0.5, 0.5],
        };
        run.Validation = new(new Table([1.0], 1), new Table([0.0], 1));
        Array.Fill(run.Inputs, 1);
        Array.Fill(run.Targets, 1);
        Array.Fill(run.ExampleWeights, 1);
        Array.Fill(run.LearningRate, Rate);
        Array.Fill(run.Momentum, 0.5);
        return run;
    }

    /// <summary>The first step on the way back at which dw or dv is not finite in a type, w and b having the same adjoint.</summary>
    public static int FirstBrokenStep<T>(int steps) where T : IFloatingPointIeee754<T>
    {
        T half = T.CreateChecked(0.5), rate = T.CreateChecked(Rate), dw = T.One, dv = T.Zero;
        for (int t = steps - 1; t >= 0; t--)
        {
            bool arrives = T.IsFinite(dw);
            dv += rate * dw;
            if (!arrives || !T.IsFinite(dv))
                return t;
            T u = half * dv;
            dw -= u + u;
            dv *= half;
        }
        return -1;
    }
}

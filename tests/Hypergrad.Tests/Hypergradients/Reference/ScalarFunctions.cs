using Hypergrad.Networks;

namespace Hypergrad.Tests.Hypergradients.Reference;

/// <summary>The activations and their first two derivatives in scalar double arithmetic, each from its definition.</summary>
internal static class ScalarFunctions
{
    /// <summary>φ(z).</summary>
    public static double Value(Activation activation, double z) => activation switch
    {
        Activation.Tanh => Math.Tanh(z),
        Activation.Relu => Math.Max(z, 0),
        Activation.Sigmoid => Sigmoid(z),
        Activation.Softplus => z > 0 ? z + LogOnePlus(Math.Exp(-z)) : LogOnePlus(Math.Exp(z)),
        Activation.Gelu => z * Distribution(z),
        _ => z,
    };

    /// <summary>φ′(z).</summary>
    public static double Derivative(Activation activation, double z) => activation switch
    {
        Activation.Tanh => Math.Abs(z) > 400 ? 0 : 1 / (Math.Cosh(z) * Math.Cosh(z)),
        Activation.Relu => z > 0 ? 1 : 0,
        Activation.Sigmoid => Sigmoid(z) * Sigmoid(-z),
        Activation.Softplus => Sigmoid(z),
        Activation.Gelu => Distribution(z) + z * Density(z),
        _ => 1,
    };

    /// <summary>φ″(z).</summary>
    public static double SecondDerivative(Activation activation, double z) => activation switch
    {
        Activation.Tanh => Math.Abs(z) > 400 ? 0 : -2 * Math.Tanh(z) / (Math.Cosh(z) * Math.Cosh(z)),
        Activation.Sigmoid => Sigmoid(z) * Sigmoid(-z) * (Sigmoid(-z) - Sigmoid(z)),
        Activation.Softplus => Sigmoid(z) * Sigmoid(-z),
        Activation.Gelu => Math.Abs(z) > 100 ? 0 : Density(z) * (2 - z * z),
        _ => 0,
    };

    /// <summary>1 / (1 + e⁻ᶻ).</summary>
    public static double Sigmoid(double z) => z > 0 ? 1 / (1 + Math.Exp(-z)) : Math.Exp(z) / (1 + Math.Exp(z));

    /// <summary>Φ(z), the standard normal distribution function.</summary>
    public static double Distribution(double z) => (1 + Erf(z / Math.Sqrt(2))) / 2;

    /// <summary>The standard normal density.</summary>
    public static double Density(double z) => Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI);

    /// <summary>
    /// erf x = 2/√π e^(−x²) Σ 2ᵏ x²ᵏ⁺¹ / (2k + 1)!!, whose terms are all of one sign; from 2.5 on by the continued fraction of 1 − erf x,
    /// e^(−x²)/√π / (x + ½/(x + 1/(x + 1½/(x + …)))).
    /// </summary>
    public static double Erf(double x)
    {
        if (Math.Abs(x) > 2.5)
        {
            double fraction = Math.Abs(x);
            for (int k = 200; k >= 1; k--)
                fraction = Math.Abs(x) + k / 2.0 / fraction;
            return Math.Sign(x) * (1 - Math.Exp(-x * x) / Math.Sqrt(Math.PI) / fraction);
        }
        double sum = 0, term = x;
        for (int k = 0; Math.Abs(term) > 1e-18 * Math.Abs(sum); k++)
        {
            sum += term;
            term *= 2 * x * x / (2 * k + 3);
        }
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }

    // Kahan's correction keeps what 1 + x rounds away.
    private static double LogOnePlus(double x) => 1 + x == 1 ? x : Math.Log(1 + x) * x / (1 + x - 1);
}

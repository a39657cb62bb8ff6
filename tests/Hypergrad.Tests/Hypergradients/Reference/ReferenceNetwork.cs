using Hypergrad.Networks;

namespace Hypergrad.Tests.Hypergradients.Reference;

/// <summary>A network in plain loops over numbers on a tape, its gradient written out by hand so that the tape can differentiate it
/// again.</summary>
internal sealed class ReferenceNetwork(Mlp model)
{
    /// <summary>ℓ of one example.</summary>
    public Variable Loss(Variable[] w, Variable[] x, Variable[] y) => LossOf(Forward(w, x)[^1].Input, y).Loss;

    /// <summary>Adds c ∂ℓ/∂w of one example to a gradient, and returns ℓ.</summary>
    public double AddGradient(Variable[] w, Variable[] x, Variable[] y, Variable c, Variable[] gradient)
    {
        var layers = Forward(w, x);
        var (loss, derivative) = LossOf(layers[^1].Input, y);
        Variable[] delta = [.. derivative.Select(d => c * d)];
        for (int layer = model.Depth - 1; layer >= 0; layer--)
        {
            Variable[] below = layer == 0 ? x : layers[layer - 1].Value;
            int inputs = below.Length, outputs = delta.Length, weight = model.Weight(layer).Offset, bias = model.Bias(layer).Offset;
            for (int i = 0; i < inputs; i++)
                for (int j = 0; j < outputs; j++)
                    gradient[weight + i * outputs + j] += below[i] * delta[j];
            for (int j = 0; j < outputs; j++)
                gradient[bias + j] += delta[j];
            if (layer == 0)
                break;
            var next = new Variable[inputs];
            for (int i = 0; i < inputs; i++)
            {
                var sum = w[weight + i * outputs] * delta[0];
                for (int j = 1; j < outputs; j++)
                    sum += w[weight + i * outputs + j] * delta[j];
                next[i] = sum * Derivative(layers[layer - 1].Input[i]);
            }
            delta = next;
        }
        return loss.Value;
    }

    private (Variable[] Input, Variable[] Value)[] Forward(Variable[] w, Variable[] x)
    {
        var layers = new (Variable[] Input, Variable[] Value)[model.Depth];
        for (int layer = 0; layer < model.Depth; layer++)
        {
            Variable[] below = layer == 0 ? x : layers[layer - 1].Value;
            var z = new Variable[model.Layers[layer + 1]];
            for (int j = 0; j < z.Length; j++)
            {
                z[j] = w[model.Bias(layer).Offset + j];
                for (int i = 0; i < below.Length; i++)
                    z[j] += below[i] * w[model.Weight(layer).Offset + i * z.Length + j];
            }
            layers[layer] = (z, [.. z.Select(Value)]);
        }
        return layers;
    }

    private (Variable Loss, Variable[] Derivative) LossOf(Variable[] f, Variable[] y)
    {
        var tape = f[0].Tape;
        var loss = tape.Input(0);
        if (model.Loss == Hypergrad.Networks.Loss.Squared)
        {
            Variable[] difference = [.. f.Zip(y, (output, target) => output - target)];
            return (difference.Aggregate(loss, (sum, d) => sum + 0.5 * (d * d)), difference);
        }
        double largest = f.Max(output => output.Value);
        var total = f.Select(output => Exp(-largest + output)).Aggregate((a, b) => a + b);
        var logTotal = largest + total.Apply(Math.Log(total.Value), 1 / total.Value);
        var mass = y.Aggregate((a, b) => a + b);
        for (int c = 0; c < f.Length; c++)
            loss += y[c] * (logTotal - f[c]);
        return (loss, [.. f.Zip(y, (output, target) => mass * Exp(output - logTotal) - target)]);
    }

    private Variable Value(Variable z) =>
        z.Apply(ScalarFunctions.Value(model.Activation, z.Value), ScalarFunctions.Derivative(model.Activation, z.Value));

    private Variable Derivative(Variable z) =>
        z.Apply(ScalarFunctions.Derivative(model.Activation, z.Value), ScalarFunctions.SecondDerivative(model.Activation, z.Value));

    private static Variable Exp(Variable x) => x.Apply(Math.Exp(x.Value), Math.Exp(x.Value));
}

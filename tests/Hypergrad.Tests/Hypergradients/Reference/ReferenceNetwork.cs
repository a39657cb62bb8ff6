using Hypergrad.Networks;

namespace Hypergrad.Tests.Hypergradients.Reference;

/// <summary>A network in plain loops over numbers on a tape, its gradient written out by hand so that the tape can differentiate it
/// again.</summary>
internal sealed class ReferenceNetwork(Network network)
{
    /// <summary>ℓ of one example.</summary>
    public Variable Loss(Variable[] w, Variable[] x, Variable[] y) => LossOf(Forward(w, x)[^1].Input, y).Loss;

    /// <summary>Adds c ∂ℓ/∂w of one example to a gradient, and returns ℓ.</summary>
    public double AddGradient(Variable[] w, Variable[] x, Variable[] y, Variable c, Variable[] gradient)
    {
        var layers = Forward(w, x);
        var (loss, derivative) = LossOf(layers[^1].Input, y);
        Variable[] delta = [.. derivative.Select(d => c * d)];
        for (int layer = network.Depth - 1; layer >= 0; layer--)
        {
            Variable[] below = layer == 0 ? x : layers[layer - 1].Value;
            int inputs = below.Length, outputs = delta.Length, weight = OffsetOfWeights(layer), bias = OffsetOfBias(layer);
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
                next[i] = sum * Derivative(layers[layer - 1].Input[i], layer - 1);
            }
            delta = next;
        }
        return loss.Value;
    }

    private (Variable[] Input, Variable[] Value)[] Forward(Variable[] w, Variable[] x)
    {
        var layers = new (Variable[] Input, Variable[] Value)[network.Depth];
        for (int layer = 0; layer < network.Depth; layer++)
        {
            Variable[] below = layer == 0 ? x : layers[layer - 1].Value;
            var z = new Variable[Layer(layer).Units];
            for (int j = 0; j < z.Length; j++)
            {
                z[j] = w[OffsetOfBias(layer) + j];
                for (int i = 0; i < below.Length; i++)
                    z[j] += below[i] * w[OffsetOfWeights(layer) + i * z.Length + j];
            }
            layers[layer] = (z, [.. z.Select(at => Value(at, layer))]);
        }
        return layers;
    }

    private (Variable Loss, Variable[] Derivative) LossOf(Variable[] f, Variable[] y)
    {
        var tape = f[0].Tape;
        var loss = tape.Input(0);
        if (network.Loss == Hypergrad.Networks.Loss.Squared)
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

    private Dense Layer(int layer) => (Dense)network.Layers[layer];

    // A matrix, then its bias, for each layer.
    private int OffsetOfWeights(int layer) => network.Tensors[2 * layer].Offset;

    private int OffsetOfBias(int layer) => network.Tensors[2 * layer + 1].Offset;

    private Variable Value(Variable z, int layer)
    {
        var activation = Layer(layer).Activation;
        return z.Apply(ScalarFunctions.Value(activation, z.Value), ScalarFunctions.Derivative(activation, z.Value));
    }

    private Variable Derivative(Variable z, int layer)
    {
        var activation = Layer(layer).Activation;
        return z.Apply(ScalarFunctions.Derivative(activation, z.Value), ScalarFunctions.SecondDerivative(activation, z.Value));
    }

    private static Variable Exp(Variable x) => x.Apply(Math.Exp(x.Value), Math.Exp(x.Value));
}

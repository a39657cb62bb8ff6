// A small transformer learns to continue counting modulo 8. Half of its training sequences are noise; example weights find out which.
// Usage: DataWeights [META-STEPS]
using System.Globalization;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Networks;
using Hypergrad.Optimizers;
using Hypergrad.Runs;

int metaSteps = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20;
const int Vocabulary = 8, Length = 8, Count = 80;

// A sequence counts by 1, 2 or 3 from any number, or is noise; at each position the target is the token that comes next.
Dataset Sequences(int seed, Func<int, bool> isNoise)
{
    var random = new Random(seed);
    float[] tokens = new float[Count * Length], next = new float[Count * Length];
    for (int example = 0; example < Count; example++)
    {
        int token = random.Next(Vocabulary), stride = random.Next(1, 4);
        for (int place = 0; place < Length; place++)
        {
            tokens[example * Length + place] = token;
            token = isNoise(example) ? random.Next(Vocabulary) : (token + stride) % Vocabulary;
            next[example * Length + place] = token;
        }
    }
    return new(new Table(tokens, Length), new Table(next, Length)) { HasClassTargets = true };
}

var network = Network.OfTokens(Vocabulary, Length,
    new Embedding(16), new Positions(),
    new Residual(new LayerNorm(), new SelfAttention(Heads: 2, IsCausal: true)),
    new Residual(new LayerNorm(), new Dense(32, Activation.Gelu), new Dense(16)),
    new LayerNorm(), new Dense(Vocabulary));
var run = new TrainingRun(network, Sequences(1, example => example % 2 == 1), new HyperparameterSet
{
    Optimizer = new AdamW
    {
        LearningRate = Schedule.Constant(steps: 60, Sharing.All, initial: 0.01).Fixed(),
        WeightDecay = Schedule.Constant(Sharing.All, initial: 0.01).Fixed(),
    },
    InitialScale = Scale.PerFanIn(Sharing.All, initial: 1).Fixed(),
    ExampleWeights = ExampleWeights.All(),
})
{ BatchSize = 40 };

TuningResult result = new Tuning(
    run, Sequences(2, _ => false), new() { MetaSteps = metaSteps, MetaOptimizer = new Adam(0.3), Test = Sequences(3, _ => false) }).Run();

double[] weights = result.Learned.Hyperparameters!.ExampleWeights!.Values!;
double MeanWeight(int remainder) => weights.Where((_, example) => example % 2 == remainder).Average();
Console.WriteLine($"validation loss {result.Before.Validation.Mean:F4} -> {result.After.Validation.Mean:F4}");
Console.WriteLine($"test error      {result.Before.TestErrorRate:P1} -> {result.After.TestErrorRate:P1}");
Console.WriteLine($"mean weight of sequences that count {MeanWeight(0):F3}, of noise {MeanWeight(1):F3}");

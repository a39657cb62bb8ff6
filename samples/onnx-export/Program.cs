// Tunes and trains a classifier, writes it as ONNX, and runs the file in ONNX Runtime: the same predictions.
// Usage: OnnxExporting [META-STEPS [FILE]]
using System.Globalization;
using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.MetaOptimization;
using Hypergrad.Models;
using Hypergrad.Networks;
using Hypergrad.Onnx;
using Hypergrad.Optimizers;
using Hypergrad.Runs;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

int metaSteps = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10;
string file = args.Length > 1 ? args[1] : "digits.onnx";

DataSplit data = Digits.Generate(1_000).Split(train: 600, validation: 200, test: 200);
var run = new TrainingRun(Network.Mlp([784, 30, 10]), data.Train, new HyperparameterSet
{
    Optimizer = new Momentum
    {
        LearningRate = Schedule.PerStep(steps: 50, Sharing.Layer, initial: 0.1),
        Coefficient = Schedule.Constant(Sharing.All, initial: 0.8),
    },
    InitialScale = Scale.PerFanIn(Sharing.Tensor, initial: 1),
})
{ BatchSize = 100 };

TuningResult result = new Tuning(run, data.Validation, new() { MetaSteps = metaSteps }).Run();
TrainedModel model = TrainedModel.Of(
    result.Learned, result.LearnedWeights, inputs: null, Provenance.Of(result.Learned, "digits", result.LastTrainingLosses));
OnnxExport.Save(model, file);

using var session = new InferenceSession(file);
float[] pixels = Array.ConvertAll(data.Test!.Inputs.ToArray(), pixel => (float)pixel);
var input = NamedOnnxValue.CreateFromTensor(OnnxExport.InputName, new DenseTensor<float>(pixels, [data.Test.Count, 784]));
using var outputs = session.Run([input]);
float[] inRuntime = [.. outputs.First(output => output.Name == OnnxExport.OutputNameOf(model)).AsEnumerable<float>()];
Predictions here = model.Predict(data.Test.Inputs);
double furthest = Enumerable.Range(0, inRuntime.Length).Max(i => Math.Abs(inRuntime[i] - here.Of(i / 10)[i % 10]));

Console.WriteLine($"validation loss {result.Before.Validation.Mean:F4} -> {result.After.Validation.Mean:F4}");
Console.WriteLine($"written to {file}; ONNX Runtime's probabilities differ by at most {furthest:E1}");

using System.Security.Cryptography;
using Hypergrad.Data;
using Hypergrad.Files;
using Hypergrad.Networks;
using Hypergrad.Runs;
using Hypergrad.Wording;

namespace Hypergrad.Models;

/// <summary>
/// A trained network, or an ensemble of them of several seeds, with all that it takes to use it: the normalisation of its data, the names
/// of its classes, and where it comes from. It is kept as a folder: <c>model.json</c>, and the weights in <c>model.safetensors</c>.
/// </summary>
public sealed record TrainedModel
{
    /// <summary>The network; that of every replica.</summary>
    public required Network Network { get; init; }

    /// <summary>The weights of each replica, [replicas][weights]; the predictions of several are averaged.</summary>
    public required IReadOnlyList<float[]> Weights { get; init; }

    /// <summary>
    /// How examples become inputs: the columns of a table, their categories, the form of pictures; null where nothing is known of it. The
    /// normalisation is apart.
    /// </summary>
    public DataEncoding? Encoding { get; init; }

    /// <summary>How inputs are normalised before the network sees them; null where they are taken as they are.</summary>
    public Normalization? InputNormalization { get; init; }

    /// <summary>How the targets of a regression were normalised, which is undone in predictions; null where they were not.</summary>
    public Normalization? TargetNormalization { get; init; }

    /// <summary>The names of the classes, in the order of the network's outputs; null for a regression.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>The hyperparameters it was trained with; null for a run of raw quantities.</summary>
    public HyperparameterSet? Hyperparameters { get; init; }

    /// <summary>Where it comes from.</summary>
    public required Provenance Provenance { get; init; }

    /// <summary>Whether its outputs are probabilities of classes, and not numbers.</summary>
    public bool IsClassifier => Network.Loss == Loss.SoftmaxCrossEntropy || ClassNames is not null;

    /// <summary>The model that a run has trained.</summary>
    /// <param name="run">The run; it knows the names of its classes and how its targets were normalised.</param>
    /// <param name="weights">The weights of each replica, [replicas][weights], rounded here to single precision.</param>
    /// <param name="inputs">How the run's inputs were normalised; null where they are as they came.</param>
    /// <param name="provenance">Where it comes from.</param>
    public static TrainedModel Of(
        TrainingRun run, IReadOnlyList<double[]> weights, Normalization? inputs, Provenance provenance)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(weights);
        return new()
        {
            Network = run.Network,
            Weights = [.. weights.Select(replica => Array.ConvertAll(replica, weight => (float)weight))],
            InputNormalization = inputs is { Mode: NormalizationMode.None } ? null : inputs,
            TargetNormalization = run.Training.TargetNormalization,
            ClassNames = run.Training.ClassNames,
            Hyperparameters = run.Hyperparameters,
            Provenance = provenance,
        };
    }

    /// <summary>Whether a folder holds a model.</summary>
    /// <param name="folder">The folder; it need not be there.</param>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, ModelFile.Name));

    /// <summary>Loads a model.</summary>
    /// <param name="folder">The folder that <see cref="Save"/> wrote.</param>
    /// <exception cref="DataException">
    /// There is none, it is of another version, damaged, or inconsistent; the message says what is wrong with which file.
    /// </exception>
    /// <exception cref="MemoryException">There is more than memory can hold.</exception>
    public static TrainedModel Load(string folder)
    {
        ArgumentNullException.ThrowIfNull(folder);
        if (!IsIn(folder))
            throw new DataException($"{Quoted.Path(folder)}: there is no model in it, for there is no {ModelFile.Name}. "
                + "Name the folder that a training, or a tuning's folder model, was written to.");
        var (model, replicas, checksum) = ModelFile.Read(Path.Combine(folder, ModelFile.Name));
        string path = Path.Combine(folder, ModelFile.WeightsName);
        var bytes = InputFile.ReadAll(path);
        try
        {
            if (!Checksum(bytes.Span).Equals(checksum, StringComparison.OrdinalIgnoreCase))
                throw new DataException($"the checksum is not the one that {ModelFile.Name} has: one of the files is damaged, or they are "
                    + "not of one model. Write the model again.");
            return model with { Weights = WeightTensors.ToReplicas(model.Network, replicas, SafetensorsReader.Read(bytes)) };
        }
        catch (DataException exception)
        {
            throw new DataException($"{Quoted.Path(path)}: {exception.Message}", exception);
        }
    }

    /// <summary>
    /// Saves the model, each file whole or not at all. A process killed between the two leaves a pair that <see cref="Load"/> refuses.
    /// </summary>
    /// <param name="folder">The folder; it is made where it is not there, and a model in it is replaced.</param>
    /// <exception cref="ConfigurationException">It cannot be written to.</exception>
    public void Save(string folder)
    {
        byte[] weights = Safetensors.ToBytes(WeightTensors.Of(Network, Weights));
        var destination = new OutputFolder(folder, weights.Length);
        string checksum = Checksum(weights);
        destination.Replace(ModelFile.WeightsName, stream => stream.Write(weights));
        destination.Replace(ModelFile.Name, stream => ModelFile.Write(stream, this, checksum));
    }

    /// <summary>Predicts.</summary>
    /// <param name="inputs">
    /// Inputs as the readers give them, not normalised: one row of numbers, pixels or token numbers for each example.
    /// </param>
    /// <param name="cancellation">Checked between batches of examples.</param>
    /// <exception cref="DataException">The inputs are not what the model takes.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public Predictions Predict(Table inputs, CancellationToken cancellation = default) => Predictor.Predict(this, inputs, cancellation);

    /// <summary>Judges the model on examples with their targets.</summary>
    /// <param name="data">Examples as the readers give them, neither inputs nor targets normalised.</param>
    /// <param name="cancellation">Checked between batches of examples.</param>
    /// <exception cref="DataException">The examples are not of what the model predicts.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public ModelEvaluation Evaluate(Dataset data, CancellationToken cancellation = default) =>
        Evaluator.Evaluate(this, data, cancellation);

    private static string Checksum(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}

using Google.Protobuf;
using Hypergrad.Files;
using Hypergrad.Models;
using Hypergrad.Onnx.Schema;

namespace Hypergrad.Onnx;

/// <summary>
/// Writes trained models as ONNX (https://onnx.ai), for ONNX Runtime and whatever else reads it. The graph takes inputs as the data has
/// them, [batch, …input], and gives predictions as <see cref="TrainedModel.Predict"/> does: normalisation, softmax, the mean over replicas
/// and the units of a regression's targets are in it.
/// </summary>
public static class OnnxExport
{
    /// <summary>The version of ONNX's operators that the graph is made of.</summary>
    public const int OperatorSet = 17;

    /// <summary>The version of ONNX's file format.</summary>
    public const int FormatVersion = 8;

    /// <summary>The name of the graph's input: floats [batch, …shape], or 64-bit integers [batch, length] for tokens.</summary>
    public const string InputName = "input";

    /// <summary>The name of the output with the number of the class of each example or position, 64-bit integers; of classifiers.</summary>
    public const string ClassName = "class";

    // What a protobuf message can have at most.
    private const long MostBytes = int.MaxValue;

    /// <summary>Writes a model to a file, whole or not at all.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file.</param>
    /// <param name="cancellation">Checked as the file is written; a file that was there stays as it is.</param>
    /// <exception cref="ConfigurationException">The model is too large for ONNX, or the file cannot be written.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static void Save(TrainedModel model, string path, CancellationToken cancellation = default)
    {
        var destination = new OutputFile(path);
        var message = ToMessage(model);
        destination.Write(stream =>
        {
            using var checking = new CancellableStream(stream, cancellation);
            message.WriteTo(checking);
        });
    }

    /// <summary>The name of the output with the numbers of a model: "probabilities" of classes, or "predictions".</summary>
    /// <param name="model">The model.</param>
    public static string OutputNameOf(TrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        return model.Network.Loss == Networks.Loss.SoftmaxCrossEntropy ? "probabilities" : "predictions";
    }

    internal static ModelProto ToMessage(TrainedModel model)
    {
        ArgumentNullException.ThrowIfNull(model);
        long bytes = (long)model.Weights.Count * model.Network.ParameterCount * sizeof(float);
        if (bytes > MostBytes / 2)
            throw new ConfigurationException(
                $"The weights take {bytes} bytes; an ONNX file has at most {MostBytes / 2}. Use a smaller network or fewer replicas.");
        var message = new ModelProto
        {
            IrVersion = FormatVersion,
            ProducerName = "Hypergrad",
            ProducerVersion = model.Provenance.Version,
            DocString = $"{model.Network}, trained on {model.Provenance.Data}",
            Graph = ModelGraph.Build(model),
        };
        message.OpsetImport.Add(new OperatorSetIdProto { Version = OperatorSet });
        foreach (var (name, index) in (model.ClassNames ?? []).Select((name, index) => (name, index)))
            message.MetadataProps.Add(new StringStringEntryProto { Key = $"class.{index}", Value = name });
        return message;
    }
}

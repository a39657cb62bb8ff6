using System.Security.Cryptography;
using System.Text;
using Hypergrad.Files;
using Hypergrad.Hypergradients;
using Hypergrad.Trajectories;

namespace Hypergrad.MetaOptimization;

/// <summary>
/// The state of a tuning on disk: <c>tuning.state</c>, written beside and then moved into place, so that whenever the process is killed the
/// file is the old state or the new one, whole. Numbers are kept by their bits; a SHA-256 at the end tells a damaged file.
/// </summary>
internal static class TuningStateFile
{
    private const string Magic = "hypergrad tuning state 5\n";

    private const string Name = "tuning.state";

    /// <summary>Whether a folder, which need not be there, has a state.</summary>
    public static bool IsIn(string folder) => File.Exists(Path.Combine(folder, Name));

    /// <summary>Puts a state in place of the one before.</summary>
    public static void Save(OutputFolder folder, TuningState state) => folder.Replace(Name, file =>
    {
        byte[] content = Serialize(state);
        file.Write(content);
        file.Write(SHA256.HashData(content));
    });

    /// <summary>Reads the state of a folder, or null if it has none.</summary>
    /// <exception cref="DataException">The file is damaged.</exception>
    public static TuningState? Load(OutputFolder folder)
    {
        string path = folder[Name];
        if (!File.Exists(path))
            return null;
        byte[] bytes = InputFile.ReadAll(path).ToArray();
        int size = bytes.Length - SHA256.HashSizeInBytes;
        if (size < Magic.Length || !SHA256.HashData(bytes.AsSpan(0, size)).AsSpan().SequenceEqual(bytes.AsSpan(size)))
            throw new DataException($"{path} is damaged: its checksum does not match. Remove it to start anew.");
        using var reader = new BinaryReader(new MemoryStream(bytes, 0, size), Encoding.UTF8);
        if (Encoding.UTF8.GetString(reader.ReadBytes(Magic.Length)) != Magic)
            throw new DataException($"{path} was written by another version of Hypergrad. Remove it to start anew.");
        return new(
            ReadAll(reader, () => (reader.ReadString(), reader.ReadString())),
            ReadNumbers(reader),
            reader.ReadDouble(),
            ReadPoint(reader),
            ReadPoint(reader),
            reader.ReadDouble(),
            ReadOptimizer(reader),
            ReadAll(reader, () => new CurvaturePair(ReadNumbers(reader), ReadNumbers(reader))),
            ReadAll(reader, () => ReadRecord(reader)),
            ReadNumbers(reader),
            ReadAll(reader, () => new ComputedWith(reader.ReadInt32(), reader.ReadString(), reader.ReadString(), reader.ReadString())))
        {
            StartTrials = ReadAll(reader, () => new StartTrial(ReadNumbers(reader), reader.ReadDouble(), reader.ReadDouble())),
        };
    }

    private static byte[] Serialize(TuningState state)
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
        {
            writer.Write(Encoding.UTF8.GetBytes(Magic));
            WriteAll(writer, state.Configuration, entry =>
            {
                writer.Write(entry.Name);
                writer.Write(entry.Value);
            });
            WriteNumbers(writer, state.Vector);
            writer.Write(state.PredictedDecrease);
            WritePoint(writer, state.Current);
            WritePoint(writer, state.Best);
            writer.Write(state.StepFactor);
            WriteOptimizer(writer, state.Optimizer);
            WriteAll(writer, state.Curvature, pair =>
            {
                WriteNumbers(writer, pair.Step);
                WriteNumbers(writer, pair.GradientChange);
            });
            WriteAll(writer, state.Records, record => WriteRecord(writer, record));
            WriteNumbers(writer, state.FirstTrainingLosses);
            WriteAll(writer, state.ComputedWith, with => WriteComputedWith(writer, with));
            WriteAll(writer, state.StartTrials, trial => WriteTrial(writer, trial));
        }
        return stream.ToArray();
    }

    private static void WritePoint(BinaryWriter writer, SearchPoint? point)
    {
        writer.Write(point is not null);
        if (point is null)
            return;
        writer.Write(point.MetaStep);
        WriteNumbers(writer, point.Vector);
        WriteNumbers(writer, point.Gradient);
        writer.Write(point.Validation.Mean);
        writer.Write(point.Validation.StandardError);
    }

    private static SearchPoint? ReadPoint(BinaryReader reader) => !reader.ReadBoolean() ? null : new(
        reader.ReadInt32(), ReadNumbers(reader), ReadNumbers(reader), new Estimate(reader.ReadDouble(), reader.ReadDouble()));

    private static void WriteOptimizer(BinaryWriter writer, OptimizerState state)
    {
        writer.Write(state.Step);
        WriteNumbers(writer, state.First);
        WriteNumbers(writer, state.Second);
        WriteAll(writer, state.More, array => WriteNumbers(writer, array));
    }

    private static OptimizerState ReadOptimizer(BinaryReader reader) => new(reader.ReadInt32(), ReadNumbers(reader), ReadNumbers(reader))
    {
        More = ReadAll(reader, () => ReadNumbers(reader)),
    };

    private static void WriteComputedWith(BinaryWriter writer, ComputedWith with)
    {
        writer.Write(with.MetaStep);
        writer.Write(with.Backend);
        writer.Write(with.Precision);
        writer.Write(with.Version);
    }

    private static void WriteTrial(BinaryWriter writer, StartTrial trial)
    {
        WriteNumbers(writer, trial.Offsets);
        writer.Write(trial.ValidationLoss);
        writer.Write(trial.Seconds);
    }

    private static void WriteRecord(BinaryWriter writer, MetaStepRecord record)
    {
        writer.Write(record.MetaStep);
        foreach (double number in new[]
        {
            record.TrainingLoss, record.Validation.Mean, record.Validation.StandardError, record.ValidationErrorRate,
            record.Test?.Mean ?? 0, record.Test?.StandardError ?? 0, record.TestErrorRate ?? 0,
            record.GradientNorm, record.PredictedDecrease, record.StepFactor, record.Seconds,
        })
            writer.Write(number);
        writer.Write((int)record.Outcome);
        writer.Write(record.Test is not null);
        WriteGrowth(writer, record.AdjointGrowth);
        WriteReversal(writer, record.Reversal);
    }

    private static MetaStepRecord ReadRecord(BinaryReader reader)
    {
        int metaStep = reader.ReadInt32();
        var n = new double[11];
        for (int i = 0; i < n.Length; i++)
            n[i] = reader.ReadDouble();
        var outcome = (MetaStepOutcome)reader.ReadInt32();
        bool tested = reader.ReadBoolean();
        return new()
        {
            MetaStep = metaStep,
            TrainingLoss = n[0],
            Validation = new Estimate(n[1], n[2]),
            ValidationErrorRate = n[3],
            Test = tested ? new Estimate(n[4], n[5]) : null,
            TestErrorRate = tested ? n[6] : null,
            GradientNorm = n[7],
            PredictedDecrease = n[8],
            StepFactor = n[9],
            Seconds = n[10],
            Outcome = outcome,
            AdjointGrowth = ReadGrowth(reader),
            Reversal = ReadReversal(reader),
        };
    }

    private static void WriteGrowth(BinaryWriter writer, AdjointGrowth? growth)
    {
        writer.Write(growth.HasValue);
        writer.Write(growth?.Factor ?? 0);
        writer.Write(growth?.Step ?? 0);
    }

    private static AdjointGrowth? ReadGrowth(BinaryReader reader)
    {
        bool measured = reader.ReadBoolean();
        var growth = new AdjointGrowth(reader.ReadDouble(), reader.ReadInt32());
        return measured ? growth : null;
    }

    private static void WriteReversal(BinaryWriter writer, ReversalReport? reversal)
    {
        writer.Write(reversal is not null);
        if (reversal is null)
            return;
        writer.Write(reversal.LandmarksSet);
        writer.Write(reversal.LandmarksMet);
        writer.Write(reversal.StartMet);
        writer.Write(reversal.BitsPerWeightStep);
        writer.Write(reversal.ResidentBitsPerWeight);
        writer.Write(reversal.EntropyBitsPerWeightStep);
    }

    private static ReversalReport? ReadReversal(BinaryReader reader) => !reader.ReadBoolean() ? null : new(
        reader.ReadInt32(), reader.ReadInt32(), reader.ReadBoolean(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());

    private static void WriteNumbers(BinaryWriter writer, double[] numbers) => WriteAll(writer, numbers, writer.Write);

    private static double[] ReadNumbers(BinaryReader reader) => ReadAll(reader, reader.ReadDouble);

    private static void WriteAll<T>(BinaryWriter writer, IReadOnlyCollection<T> items, Action<T> write)
    {
        writer.Write(items.Count);
        foreach (var item in items)
            write(item);
    }

    private static T[] ReadAll<T>(BinaryReader reader, Func<T> read)
    {
        var items = new T[reader.ReadInt32()];
        for (int i = 0; i < items.Length; i++)
            items[i] = read();
        return items;
    }
}

using Hypergrad.Cli;
using Hypergrad.Data;
using Hypergrad.Models;
using Hypergrad.Tests.Data;

namespace Hypergrad.Tests.Cli;

/// <summary>hypergrad train: the encoding of its data is that of the model beside the hyperparameters, or is learned anew.</summary>
[TestFixture]
public sealed class TrainingEncodingTests
{
    private const int Rows = 48;

    // In the same number of categories, of which one is another, so that a network of the same size would take either.
    private static readonly string[] Towns = ["Oslo", "Paris", "Rome"], OtherTowns = ["Bern", "Oslo", "Rome"];

    private TemporaryFolder folder = null!;
    private string tuned = null!, table = null!, other = null!;

    [OneTimeSetUp]
    public void Tune()
    {
        folder = new TemporaryFolder();
        table = folder.Write("table.csv", Text(Towns, "ab", spread: 1));
        other = folder.Write("other.csv", Text(OtherTowns, "bc", spread: 10));
        tuned = TuneOn(table, "tuned", "--missing", "impute");
    }

    [OneTimeTearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void OfTheModelBeside_ColumnsMeanTheSame()
    {
        string data = folder.Write("same.csv", File.ReadAllText(other).Replace(",c\n", ",a\n", StringComparison.Ordinal));
        string shown = Train(data);
        var (before, after) = (TrainedModel.Load(folder.File("tuned/model")), Trained);
        Assert.That(shown, Does.Contain($"encoding of the model {folder.File("tuned/model")} ").And.Match(
            "unknown categories training: \"Bern\" of column \"town\" in [0-9]+ examples?; validation: \"Bern\" .*All inputs of the column are 0 there\\."));
        using (Assert.EnterMultipleScope())
        {
            Assert.That(after.Encoding!.ToJson(), Is.EqualTo(before.Encoding!.ToJson()));
            Assert.That(after.Encoding.Columns![1].Categories, Is.EqualTo(Towns));
            Assert.That(after.Encoding.Columns[0].Median, Is.InRange(0, 20), "the other data's is ten times that");
            Assert.That(after.ClassNames, Is.EqualTo(new[] { "a", "b" }));
            Assert.That(after.InputNormalization!.Shift, Is.EqualTo(before.InputNormalization!.Shift));
            Assert.That(after.InputNormalization.Scale, Is.EqualTo(before.InputNormalization.Scale));
        }
        // A category that the model does not know is as predict has it.
        CommandLine.Refuse(ExitCode.Data, "holds \"Bern\", which no training example has; those have Oslo, Paris, Rome.", Command(data, "--unknown-categories", "refuse"));
    }

    [Test]
    public void OfTheData_IsLearnedAnew()
    {
        Assert.That(Train(other, "--encoding", "data", "--missing", "impute"), Does.Contain("encoding learned from this data ").And.Not.Contain("unknown categories"));
        Assert.That(Trained.Encoding!.Columns![1].Categories, Is.EqualTo(OtherTowns));
        Assert.That(Trained.ClassNames, Is.EqualTo(new[] { "b", "c" }));
    }

    [Test]
    public void WithoutAModelBeside_IsLearnedFromTheData()
    {
        Directory.CreateDirectory(folder.File("alone"));
        string alone = folder.Write("alone/hyperparameters.json", File.ReadAllText(tuned));
        string[] train = ["train", "--start", alone, "--data", other, "--missing", "impute", "--out", folder.File("trained"), "--hidden", "3", "--batch-size", "8"];
        Assert.That(CommandLine.Succeed(train), Does.Contain("encoding learned from this data "));
        Assert.That(Trained.ClassNames, Is.EqualTo(new[] { "b", "c" }));
        CommandLine.Refuse(ExitCode.Usage, $"--encoding model: there is no model with an encoding in {folder.File("alone/model")}.", [.. train, "--encoding", "model"]);
    }

    [Test]
    public void NormalisationThatIsAskedFor_IsFitted()
    {
        Assert.That(Train(table, "--normalize", "unit-range"), Does.Contain(", but the normalisation of inputs from this data"));
        Assert.That(Trained.InputNormalization!.Mode, Is.EqualTo(NormalizationMode.UnitRange));
    }

    [Test]
    public void Network_ThatOptionsDescribe_KeepsTheEncoding()
    {
        Assert.That(Train(table, "--hidden", "3", "--batch-size", "8"), Does.Contain("encoding of the model "));
        Assert.That(Trained.Encoding!.Columns![1].Categories, Is.EqualTo(Towns));
    }

    [TestCase("model.json", "{")]
    [TestCase("model.safetensors", "")]
    public void ModelBeside_ThatIsDamaged_IsAnErrorWhereItIsNeeded_AndNoneElse(string name, string content)
    {
        string damaged = $"damaged {name}", start = TuneOn(table, damaged, "--missing", "impute");
        string file = folder.Write(Path.Combine(damaged, "model", name), content);
        string[] train = ["train", "--start", start, "--data", other, "--missing", "impute", "--out", folder.File("trained")];
        string[] layers = ["--hidden", "3", "--batch-size", "8"], anew = ["--encoding", "data"];
        foreach (string[] options in new[] { [], layers, anew, [.. layers, "--encoding", "model"] })
            CommandLine.Refuse(ExitCode.Data, file, [.. train, .. options]);
        Assert.That(CommandLine.Succeed([.. train, .. layers, .. anew]), Does.Contain("encoding learned from this data "));
        Assert.That(Trained.ClassNames, Is.EqualTo(new[] { "b", "c" }));
    }

    [Test]
    public void OptionsThatSayTheSame_ChangeNothing() => Assert.That(
        Train(table, "--label-column", "kind", "--columns", "town,x", "--task", "classification", "--missing", "impute", "--categories", "town"),
        Does.Contain("encoding of the model ").And.Not.Contain("unknown"));

    [TestCase("--label-column town", "--label-column town: the target columns that the model was trained with are kind. Leave --label-column out.")]
    [TestCase("--columns x", "--columns x: the input columns that the model was trained with are x, town.")]
    [TestCase("--ignore-columns x", "--ignore-columns x: the input columns that the model was trained with are x, town.")]
    [TestCase("--categories x", "--categories x: the category columns that the model was trained with are town.")]
    [TestCase("--task regression", "--task: the model was trained for a classification. Leave --task out.")]
    public void OptionsThatContradictIt_AreRefused_WithWhatHelps(string options, string message)
    {
        CommandLine.Refuse(ExitCode.Usage, message, Command(table, options.Split(' ')));
        CommandLine.Refuse(ExitCode.Usage, $"The data is read as the model {folder.File("tuned/model")} was trained; --encoding data learns from it anew.",
            Command(table, options.Split(' ')));
        CommandLine.Refuse(ExitCode.Usage, message, ["evaluate", folder.File("tuned/model"), "--data", table, .. options.Split(' ')]);
    }

    [Test]
    public void Medians_ThatTheModelLacks_AreNotMadeUp()
    {
        string whole = folder.Write("whole.csv", File.ReadAllText(table).Replace("\n,", "\n1,", StringComparison.Ordinal));
        string start = TuneOn(whole, "whole");
        string[] train = ["train", "--start", start, "--data", table, "--out", folder.File("trained"), "--missing"];
        CommandLine.Refuse(ExitCode.Usage, "--missing impute: the model was trained without it, and knows no medians to put for missing numbers.", [.. train, "impute"]);
        Assert.That(CommandLine.Succeed([.. train, "drop"]), Does.Contain("encoding of the model "));
        Assert.That(Trained.Encoding!.Missing, Is.EqualTo(MissingValues.Drop));
    }

    [Test]
    public void OtherColumns_OrOtherClasses_AreRefused_WithWhatHelps()
    {
        CommandLine.Refuse(ExitCode.Data, "the class \"c\" is none of those that were learned: a, b.", Command(other));
        CommandLine.Refuse(ExitCode.Data, "a column is missing that the encoding was learned with: town.", Command(folder.Write("few.csv", "x,kind\n1,a\n2,b\n")));
        CommandLine.Refuse(ExitCode.Data, "this is no table, and what was learned from is one", Command(folder.Write("t.npz", NpyBytes.Small())));
        CommandLine.Refuse(ExitCode.Data, "--encoding data learns from it anew.", Command(other));
        CommandLine.Refuse(ExitCode.Usage, "--encoding: there is no \"modell\". Did you mean model?", Command(table, "--encoding", "modell"));
    }

    // As in the tuning; of a prediction in the data's units nothing else can be known.
    [Test]
    public void Regression_KeepsTheNormalisationOfItsTargets()
    {
        string Prices(string name, double unit) => folder.Write(name, "x,price\n" + string.Concat(Enumerable.Range(0, Rows).Select(row =>
            FormattableString.Invariant($"{row % 7}.5,{unit * (100 + row % 7)}.25\n"))));
        string start = TuneOn(Prices("cheap.csv", 1), "priced"), dear = Prices("dear.csv", 2);
        string[] train = ["train", "--start", start, "--data", dear, "--out", folder.File("trained")];
        Assert.That(CommandLine.Succeed(train), Does.Contain("encoding of the model "));
        Assert.That(Trained.TargetNormalization!.Shift[0], Is.InRange(100, 107));
        Assert.That(CommandLine.Succeed([.. train, "--normalize-targets", "standardize"]), Does.Contain(", but the normalisation of targets from this data"));
        Assert.That(Trained.TargetNormalization!.Shift[0], Is.InRange(200, 214));
    }

    [Test]
    public void ClassesOfArrays_HaveThePlacesOfTheModel()
    {
        string[] settings = ["--hidden", "3", "--steps", "3", "--batch-size", "4", "--meta-steps", "1", "--start-search", "0"];
        string pixels = folder.Write("x.npy", NpyBytes.File("<f4", "(12, 2)", [.. Enumerable.Range(0, 24).Select(i => i % 5f)]));
        string Labels(string name, params int[] classes) =>
            folder.Write(name, NpyBytes.File("<i4", "(12,)", [.. Enumerable.Range(0, 12).Select(i => classes[i % classes.Length])]));
        CommandLine.Succeed(["tune", "--images", pixels, "--labels", Labels("three.npy", 1, 2, 5), .. settings, "--out", folder.File("arrays")]);
        string[] train = ["train", "--start", folder.File("arrays/hyperparameters.json"), "--images", pixels, "--out", folder.File("trained")];
        Assert.That(CommandLine.Succeed([.. train, "--labels", Labels("two.npy", 1, 2)]), Does.Contain("encoding of the model "));
        Assert.That(Trained.ClassNames, Is.EqualTo(new[] { "0", "1", "2", "3", "4", "5" }));
        CommandLine.Refuse(ExitCode.Data, "is none of those that were learned: 0, 1, 2, 3, 4, 5.", [.. train, "--labels", Labels("seven.npy", 2, 7)]);
    }

    private TrainedModel Trained => TrainedModel.Load(folder.File("trained"));

    private string[] Command(string data, params string[] more) => ["train", "--start", tuned, "--data", data, "--out", folder.File("trained"), .. more];

    private string Train(string data, params string[] more) => CommandLine.Succeed(Command(data, more));

    private string TuneOn(string data, string name, params string[] more)
    {
        CommandLine.Succeed(["tune", "--data", data, "--hidden", "3", "--steps", "3", "--batch-size", "8", "--meta-steps", "1", "--start-search", "0",
            "--out", folder.File(name), .. more]);
        return folder.File($"{name}/hyperparameters.json");
    }

    private static string Text(string[] towns, string classes, int spread) => "x,town,kind\n" + string.Concat(Enumerable.Range(0, Rows).Select(row =>
        FormattableString.Invariant($"{(row == 9 ? "" : $"{spread * (row * row % 11)}")},{towns[row % 3]},{classes[row / 3 % 2]}\n")));
}

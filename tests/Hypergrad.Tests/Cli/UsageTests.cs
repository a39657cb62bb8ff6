using Hypergrad.Cli;

namespace Hypergrad.Tests.Cli;

/// <summary>Wrong usage: exit code 2, a line that names the thing and the remedy, nothing written.</summary>
[TestFixture]
public sealed class UsageTests
{
    private static readonly TestCaseData[] WrongWords =
    [
        Wrong("Required command was not provided."),
        Wrong("Unrecognized command or argument 'tunee'. Did you mean tune?", "tunee"),
        Wrong("Unrecognized command or argument '--stepz'. Did you mean --steps?", "tune", "--stepz", "3"),
        Wrong("Unrecognized command or argument '--meta-step'. Did you mean --meta-steps?", "tune", "--meta-step", "3"),
        Wrong("Unrecognized command or argument '--colour'.", "doctor", "--colour"),
        Wrong("Required argument 'run.json' missing for command: 'gradient'.", "gradient"),
        Wrong("--steps many: write a whole number from -2147483648 to 2147483647, in digits.", "tune", "--steps", "many"),
        Wrong("--learning-rate 0,25: decimals are written with a point, not a comma: write 0.25.", "tune", "--learning-rate", "0,25"),
        Wrong("--learning-rate 0,05: decimals are written with a point, not a comma: write 0.05.", "tune", "--learning-rate", "0,05"),
        Wrong("--learning-rate 1,000: write 1000 without a separator, or 1.000 if the comma is a decimal one.", "tune", "--learning-rate", "1,000"),
        Wrong("--learning-rate 1,234,567: write 1234567 without separators.", "tune", "--learning-rate", "1,234,567"),
        Wrong("--l2 NaN: this is not a finite number; write it as 0.25 or 1e-6.", "tune", "--l2", "NaN"),
        Wrong("--l1 Infinity: this is not a finite number", "tune", "--l1", "Infinity"),
        Wrong("--momentum  0.5: this is not a finite number", "tune", "--momentum", " 0.5"),
        Wrong("--clip-norm 1e999: this is not a finite number", "tune", "--clip-norm", "1e999"),
        Wrong("--meta-step-size 0x1: this is not a finite number", "tune", "--meta-step-size", "0x1"),
        Wrong("--clip-entry 1_000: this is not a finite number", "tune", "--clip-entry", "1_000"),
        Wrong("--steps 1,000: write 1000 without a separator", "tune", "--steps", "1,000"),
        Wrong("--meta-steps 1e3: write a whole number", "tune", "--meta-steps", "1e3"),
        Wrong("--replicas 3000000000: write a whole number from -2147483648 to 2147483647", "tune", "--replicas", "3000000000"),
        Wrong("--memory-budget 1.5: write a whole number", "tune", "--memory-budget", "1.5"),
        Wrong("--memory-budget 1,000: write 1000 without a separator", "tune", "--memory-budget", "1,000"),
        Wrong("--memory 1,5GB: decimals are written with a point, not a comma: write 1.5.", "plan", "--memory", "1,5GB"),
        Wrong("--memory 1,000 MiB: write 1000 without a separator", "plan", "--memory", "1,000 MiB"),
        Wrong("--memory much: write a size such as 4GB", "plan", "--memory", "much"),
        Wrong("--seed -1: write a whole number from 0 to 18446744073709551615, in digits.", "tune", "--seed", "-1"),
    ];

    private static readonly TestCaseData[] WrongOptions =
    [
        Wrong("--activation: there is no \"tahn\". Did you mean tanh?", "--activation", "tahn"),
        Wrong("--loss: there is no \"square\". Did you mean squared?", "--loss", "square"),
        Wrong("--sampling: there is no \"shufled\". Did you mean shuffled?", "--sampling", "shufled"),
        Wrong("--meta-optimizer: there is no \"adams\". Did you mean adam?", "--meta-optimizer", "adams"),
        Wrong("--optimizer: there is no \"adamv\". Did you mean adamw?", "--optimizer", "adamv"),
        Wrong("--beta1 belongs to adamw, and the optimizer is momentum.", "--beta1", "0.9"),
        Wrong("--momentum belongs to momentum and nesterov, and the optimizer is adamw.", "--optimizer", "adamw", "--momentum", "0.9"),
        Wrong("--tune weight-decay belongs to adamw, and the optimizer is momentum.", "--tune", "weight-decay:all"),
        Wrong("--dampening belongs to momentum and nesterov, and the optimizer is adamw.", "--optimizer", "adamw", "--dampening", "0"),
        Wrong("A dampening of 5: it must be from 0 to 1, or the momentum itself.", "--dampening", "5"),
        Wrong("--tune l2:all:all:all: write l2:tensor.", "--tune", "l2:all:all:all"),
        Wrong("--dampening much: write a number such as 0, or momentum.", "--dampening", "much"),
        Wrong("--dampening 0,5: decimals are written with a point, not a comma: write 0.5.", "--dampening", "0,5"),
        Wrong("The optimizer nesterov cannot be reversed", "--optimizer", "nesterov"),
        Wrong("The beta1 of step 0, all is 1; for adamw it must be at least 0, and below 1 by 1e-5 or more.", "--optimizer", "adamw", "--beta1", "1", "--tune", "learning-rate:all"),
        Wrong("The beta2 of step 0, all is 0, which cannot be reversed", "--optimizer", "adamw", "--beta2", "0", "--tune", "learning-rate:all"),
        Wrong("The epsilon of step 0, all is 0; for adamw it must be above 0.", "--optimizer", "adamw", "--epsilon", "0", "--tune", "learning-rate:all"),
        Wrong("it must stay below 1. Lower the weight decay or the learning rate.", "--optimizer", "adamw", "--weight-decay", "20", "--learning-rate", "0.1", "--tune", "beta1:all"),
        Wrong("--scale-by-fan-in: there is no \"jes\". Did you mean yes?", "--scale-by-fan-in", "jes"),
        Wrong("A schedule of 9 knots over 5 steps: give it 2 to 5.", "--tune", "learning-rate:all:linear-9"),
        Wrong("--method: there is no \"reverse\". Did you mean reversible?", "--method", "reverse"),
        Wrong("--precision: there is no \"doubel\". Did you mean double?", "--precision", "doubel"),
        Wrong("--backend: there is no \"gpu\". Choose one of auto, managed, native-host, cuda.", "--backend", "gpu"),
        Wrong("--normalize: there is no \"centre\". Did you mean center?", "--normalize", "centre"),
        Wrong("--tune: there is no \"learningrate\". Did you mean learning-rate?", "--tune", "learningrate"),
        Wrong("--tune l2: there is no \"inptu\". Did you mean input?", "--tune", "l2:inptu"),
        Wrong("--tune momentum: there is no form \"constnat\". Did you mean constant?", "--tune", "momentum:all:constnat"),
        Wrong("--tune l2:all:constant: write l2:tensor.", "--tune", "l2:all:constant"),
        Wrong("--tune inputs:0:1: write inputs:all, or inputs:0-9,20 for chosen training examples.", "--tune", "inputs:0:1"),
        Wrong("--tune inputs:9-3: \"9-3\" is not an example or a range of examples.", "--tune", "inputs:9-3"),
        Wrong("--tune names l2 twice; name it once.", "--tune", "l2:all", "l2:unit"),
        Wrong("Training inputs: there is no training example 60; they are numbered 0 to 59.", "--tune", "inputs:60"),
        Wrong("A schedule cannot be shared by Weight", "--tune", "momentum:weight"),
        Wrong("--snapshots belongs to --method checkpointed", "--snapshots", "3"),
        Wrong("--memory-budget belongs to --method checkpointed or reversible", "--method", "stored", "--memory-budget", "3000"),
        Wrong("--reverse-steps belongs to --method drmad", "--reverse-steps", "3"),
        Wrong("--knots belongs to --method drmad", "--method", "checkpointed", "--knots", "3"),
        Wrong("--snapshots and --memory-budget say the same thing twice", "--method", "checkpointed", "--snapshots", "3", "--memory-budget", "3000"),
        Wrong("--layers 784-0-10: \"0\" is not a layer size; every layer needs at least 1 unit.", "--layers", "784-0-10"),
        Wrong("--layers 784-10x: \"10x\" is not a layer size", "--layers", "784-10x"),
        Wrong("The training inputs have 784 numbers and the network 700-10 takes 700; make its first layer 784.", "--layers", "700-10"),
        Wrong("The training targets have 10 numbers and the network 784-9 gives 9; make its last layer 10.", "--layers", "784-9"),
        Wrong("--hidden and --layers say the same thing twice", "--hidden", "4", "--layers", "784-10"),
        Wrong("A schedule of 0 steps: training needs at least 1 step.", "--steps", "0"),
        Wrong("0 meta-steps: there must be at least 1.", "--meta-steps", "0"),
        Wrong("A batch size of 0: a minibatch needs at least 1 example.", "--batch-size", "0"),
        Wrong("0 replicas: at least 1 run must be trained.", "--replicas", "0"),
        Wrong("0 threads: the managed backend needs at least 1.", "--threads", "0"),
        Wrong("A meta step size of 0: it must be above 0 and finite.", "--meta-step-size", "0"),
        Wrong("Clipping the gradient's norm at 0: the bound must be above 0.", "--clip-norm", "0"),
        Wrong("Clipping the gradient's entry at -1: the bound must be above 0.", "--clip-entry", "-1"),
        Wrong("is 0; it must be above 0 to be tuned", "--learning-rate", "0"),
        Wrong("is 1.5; it must be between 0 and 1 to be tuned", "--momentum", "1.5"),
        Wrong("The momentum of step 0, all is 1.5; for momentum it must be from 0 to 1.", "--momentum", "1.5", "--tune", "learning-rate:all"),
        Wrong("The L2 penalty of W1 is -1; it must be above 0 to be tuned", "--l2", "-1", "--tune", "l2:tensor"),
        Wrong("The initial scale of W1 is 0; it must be above 0 to be tuned", "--initial-scale", "0"),
        Wrong("--examples 0: use at least 1.", "--examples", "0"),
        Wrong("A split of 1 examples into fractions", "--examples", "1"),
        Wrong("--split nonsense: give two or three numbers joined by commas", "--split", "nonsense"),
        Wrong("--split 1,x: \"x\" is not a number.", "--split", "1,x"),
        Wrong("--split 1, 2: \" 2\" is not a number.", "--split", "1, 2"),
        Wrong("--tune inputs:0-2000000000: \"0-2000000000\" is more than 100000000 examples.", "--tune", "inputs:0-2000000000"),
        Wrong("--allow-other-bits belongs to --resume; add that, or leave --allow-other-bits out.", "--allow-other-bits"),
        Wrong("A split into fractions 0.9, 0.9 and 0", "--split", "0.9,0.9"),
        Wrong("needs 180; the dataset has 120.", "--split", "80,80,20"),
        Wrong("--images and --labels go together; give both.", "--images", "x"),
        Wrong("--delimiter: there is no \"semicolumn\". Did you mean semicolon?", "--delimiter", "semicolumn", "--data", "{csv}"),
        Wrong("--header: there is no \"maybe\". Choose one of auto, yes, no.", "--header", "maybe", "--data", "{csv}"),
        Wrong("--task: there is no \"clasification\". Did you mean classification?", "--task", "clasification", "--data", "{csv}"),
    ];

    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCaseSource(nameof(WrongWords))]
    public void WordsThatAreNotUnderstood_AreNamed(string message, string[] arguments)
    {
        CommandLine.Refuse(ExitCode.Usage, message, arguments);
        Assert.That(CommandLine.Run(arguments).Error, Does.Match("See hypergrad ([a-z]+ )?--help\\."));
    }

    [TestCaseSource(nameof(WrongOptions))]
    public void OptionsThatMakeNoSense_AreNamed_AndNothingIsWritten(string message, string[] options)
    {
        string csv = folder.Write("x.csv", "a,b\n1,2\n2,3\n");
        string[] chosen = [.. options.Select(option => option.Replace("{csv}", csv, StringComparison.Ordinal))];
        string[] quick = WithoutThe(chosen);
        CommandLine.Refuse(ExitCode.Usage, message, [.. quick, .. chosen, "--out", folder.File("out")]);
        Assert.That(Directory.Exists(folder.File("out")) ? Directory.EnumerateFileSystemEntries(folder.File("out")) : [], Is.Empty);
    }

    [Test]
    public void MomentumOfZero_IsRefusedByTheReversibleMethod_WithTheAdviceToUseCheckpointed()
    {
        var (code, _, error) = CommandLine.Run([.. CommandLine.Quick, "--momentum", "0", "--tune", "learning-rate:all"]);
        Assert.That(code, Is.EqualTo(ExitCode.Usage));
        Assert.That(error, Does.Contain("The momentum of step 0, all is 0, which cannot be reversed").And.Contain("Use the checkpointed method"));
        CommandLine.Succeed([.. CommandLine.Quick, "--momentum", "0", "--tune", "learning-rate:all", "--method", "checkpointed"]);
    }

    [Test]
    public void Resume_WithoutAFolder_IsRefused() =>
        CommandLine.Refuse(ExitCode.Usage, "--resume: name the folder of the tuning that was stopped with --out.", [.. CommandLine.Quick, "--resume"]);

    [Test]
    public void Resume_WhereThereIsNoTuning_IsRefused_AndMakesNoFolder()
    {
        Refused(folder.File("absent"));
        Refused(folder.Path);
        Assert.That(Directory.EnumerateFileSystemEntries(folder.Path), Is.Empty);
        // What a process killed while it wrote its first state has left is no state.
        folder.Write(".hypergrad-0123.new", "half a sta");
        Refused(folder.Path);
        CommandLine.Succeed([.. CommandLine.Quick, "--out", folder.Path]);
        Assert.That(File.Exists(folder.File(".hypergrad-0123.new")), Is.False);

        static void Refused(string path) => CommandLine.Refuse(
            ExitCode.Usage, $"--resume: there is no tuning in {path} to go on with. Leave --resume out to start one.",
            [.. CommandLine.Quick, "--out", path, "--resume"]);
    }

    [Test]
    public void FolderThatHoldsATuning_IsOnlyGoneOnWith_WhenAsked()
    {
        string[] tune = [.. CommandLine.Quick, "--out", folder.Path];
        CommandLine.Succeed(tune);
        var before = Directory.EnumerateFiles(folder.Path).ToDictionary(file => file, File.ReadAllBytes);
        CommandLine.Refuse(ExitCode.Usage, $"--out {folder.Path} holds a tuning of 2 meta-steps. Add --resume to go on with it, or choose another folder.", tune);
        CommandLine.Refuse(ExitCode.Usage, "holds the state of another tuning: its seed is 1, fixed, here it is 2, fixed.", [.. tune, "--resume", "--seed", "2"]);
        Assert.That(Directory.EnumerateFiles(folder.Path).ToDictionary(file => file, File.ReadAllBytes), Is.EqualTo(before));
    }

    [Test]
    public void FolderThatCannotBeWritten_IsRefusedBeforeWorkStarts()
    {
        string below = Path.Combine(folder.Write("file", "content"), "folder");
        CommandLine.Refuse(ExitCode.Usage, $"{below} cannot be written to: ", [.. CommandLine.Quick, "--out", below]);
        CommandLine.Refuse(ExitCode.Usage, "The folder to write to has no name.", [.. CommandLine.Quick, "--out", ""]);
        CommandLine.Refuse(ExitCode.Usage, $"{below} cannot be written to: ", ["gradient", "run.json", "--out", Path.Combine(below, "result.json")]);
        CommandLine.Refuse(ExitCode.Usage, $"--out {folder.Path} is a folder; name a file.", ["gradient", "run.json", "--out", folder.Path]);
        Assert.That(File.ReadAllText(folder.File("file")), Is.EqualTo("content"));
    }

    [Test]
    public void FullFolder_IsRefusedBeforeWorkStarts()
    {
        using var disk = TinyDisk.Mount(128);
        CommandLine.Refuse(ExitCode.Usage, $"{disk.Path} cannot be written to: ", [.. CommandLine.Quick, "--out", disk.Path]);
        Assert.That(Directory.EnumerateFileSystemEntries(disk.Path), Is.Empty);
    }

    // An option may be given once: leave out of the quick settings what the case itself says.
    private static string[] WithoutThe(string[] options)
    {
        var kept = new List<string> { CommandLine.Quick[0] };
        for (int i = 1; i < CommandLine.Quick.Length; i += 2)
            if (!options.Contains(CommandLine.Quick[i]) && !(CommandLine.Quick[i] == "--hidden" && options.Contains("--layers"))
                && !(CommandLine.Quick[i] == "--examples" && options.Contains("--data")))
                kept.AddRange([CommandLine.Quick[i], CommandLine.Quick[i + 1]]);
        return [.. kept];
    }

    private static TestCaseData Wrong(string message, params string[] arguments) => new TestCaseData(message, arguments).SetArgDisplayNames(string.Join(' ', arguments));
}

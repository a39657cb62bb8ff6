using Hypergrad.Cli;
using Hypergrad.Tests.Data;

namespace Hypergrad.Tests.Cli;

/// <summary>hypergrad predict of pictures that nobody has put into classes: one, or all of a folder, in the size that the model takes.</summary>
[TestFixture]
public sealed class PredictPicturesTests
{
    private TemporaryFolder folder = null!, results = null!;

    [SetUp]
    public void TuneOnPictures()
    {
        folder = new TemporaryFolder();
        results = new TemporaryFolder();
        Pictures.WriteFolder(folder, 6, 5);
        string shown = CommandLine.Succeed("tune", "--data", folder.Path, "--image-size", "3x2", "--image-colours", "grey", "--hidden", "2", "--split", "2,2,2",
            "--steps", "2", "--meta-steps", "1", "--batch-size", "2", "--start-search", "0", "--learning-rate", "1", "--initial-scale", "1",
            "--out", results.Path);
        Assert.That(shown, Does.Not.Contain("NaN"), "a ratio of no errors is no number");
    }

    [TearDown]
    public void RemoveFolders()
    {
        folder.Dispose();
        results.Dispose();
    }

    [Test]
    public void PicturesOfAFolder_InTheOrderOfTheirNames_AndEachAlone_ArePredictedAsInTheirClasses()
    {
        string all = Predict(folder.Path, "--image-size", "3x2", "--image-colours", "grey");
        string[] lines = all.TrimEnd('\n').Split('\n'), cats = [lines[0], lines[1], lines[3], lines[5]];
        Assert.That(Predict(folder.File("cats")).TrimEnd('\n').Split('\n'), Is.EqualTo(cats));
        Assert.That(Predict(folder.File("cats/1.png")).TrimEnd('\n').Split('\n'), Is.EqualTo(new[] { lines[0], lines[3] }));
        Assert.That(Predict(folder.File("cats"), "--examples", "2").TrimEnd('\n').Split('\n'), Is.EqualTo(cats[..3]));
        Assert.That(lines.Distinct().Count(), Is.GreaterThan(3), "the predictions differ");
    }

    [Test]
    public void PictureThatIsNone_OrAModelThatTakesNone_IsRefused()
    {
        CommandLine.Refuse(ExitCode.Data, "broken.png: this is no PNG or JPEG picture, or it is damaged.",
            "predict", results.File("model"), folder.Write("broken.png", "no"));
        using var other = new TemporaryFolder();
        CommandLine.Refuse(ExitCode.Data, "1.png: these are pictures, and what was learned from was none.",
            "predict", TableModel.Make(other).Model, folder.File("cats/1.png"));
    }

    private string Predict(string path, params string[] more)
    {
        var (code, output, error) = CommandLine.Run(["predict", results.File("model"), path, .. more]);
        Assert.That((code, error), Is.EqualTo((ExitCode.Success, "")));
        return output;
    }
}

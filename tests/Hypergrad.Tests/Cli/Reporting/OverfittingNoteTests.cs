using Hypergrad.Cli.Reporting;

namespace Hypergrad.Tests.Cli.Reporting;

[TestFixture]
public sealed class OverfittingNoteTests
{
    private static ReportNote? Find(double[] validation, double?[] test) =>
        OverfittingNote.Find([.. validation.Zip(test, (v, t) => (v, t)).Select((p, m) => new MetaLearningPoint(m, null, p.v, p.t))]);

    [Test]
    public void TestRisesWhileValidationFalls_IsAWarningThatNamesTheMetaStep()
    {
        var note = Find([0.6, 0.4, 0.3, 0.2], [0.7, 0.5, null, 0.55]);
        Assert.That(note, Is.Not.Null);
        Assert.That(note!.Kind, Is.EqualTo(NoteKind.Warning));
        Assert.That(note.Text, Does.StartWith(
            "After meta-step 1 the validation loss went on falling, from 0.4 to 0.2, but the test loss rose, from 0.5 to 0.55: " +
            "the hyperparameters overfit the validation set."));
    }

    [Test]
    public void BothFall_IsNoNote() => Assert.That(Find([0.6, 0.4, 0.3], [0.7, 0.5, 0.4]), Is.Null);

    [Test]
    public void BothRise_IsNoNote() => Assert.That(Find([0.6, 0.4, 0.5], [0.7, 0.5, 0.6]), Is.Null);

    [Test]
    public void ARiseWithinTheTolerance_IsNoNote() => Assert.That(Find([0.6, 0.4, 0.3], [0.7, 0.5, 0.504]), Is.Null);

    [Test]
    public void WithoutATestLoss_IsNoNote() => Assert.That(Find([0.6, 0.4], [null, double.NaN]), Is.Null);
}

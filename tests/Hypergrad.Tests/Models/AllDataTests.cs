using Hypergrad.Data;
using Hypergrad.Hyperparameters;
using Hypergrad.Models;
using Hypergrad.Tests.MetaOptimization;

namespace Hypergrad.Tests.Models;

[TestFixture]
public sealed class AllDataTests
{
    [Test]
    public void Parts_AreJoined_TheTrainingPartFirst()
    {
        var parts = SmallTuning.Digits;
        var joined = AllData.Join(parts);
        Assert.That(joined.Count, Is.EqualTo(90));
        Assert.That(joined.ClassNames, Is.EqualTo(parts.Train.ClassNames));
        Close.AssertSame(joined.Inputs.ToArray(), [.. parts.Train.Inputs.ToArray(), .. parts.Validation.Inputs.ToArray()], "inputs");
        Close.AssertSame(joined.Targets.ToArray(), [.. parts.Train.Targets.ToArray(), .. parts.Validation.Targets.ToArray()], "targets");
    }

    [Test]
    public void WhatBelongsToAllTrainingExamples_StaysTheirs()
    {
        var parts = new DataSplit(SmallTuning.Digits.Train, SmallTuning.Digits.Validation, null);
        var set = (SmallTuning.Hyperparameters() with
        {
            ExampleWeights = ExampleWeights.All(0.5),
            Targets = SoftTargets.All(0.1),
            TrainingInputs = TrainingInputs.Of([3]),
        }).For(SmallTuning.Network, parts.Train);
        var run = SmallTuning.Run(AllData.Extend(set, parts.Train.Count), training: AllData.Join(parts));
        var weights = run.Lower().ExampleWeights!;
        Assert.That((weights[0], weights[59], weights[60], weights[89]), Is.EqualTo((0.5, 0.5, 1.0, 1.0)));
        Assert.That(run.Hyperparameters!.TrainingInputs!.Examples, Is.EqualTo(new[] { 3 }));
        Close.AssertWithin(run.Training.Targets.ToArray()[..600], set.Targets!.Values, 1e-7, "learned targets");
        Close.AssertSame(run.Training.Targets.ToArray()[600..], parts.Validation.Targets.ToArray(), "targets");
    }
}

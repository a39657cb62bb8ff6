using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

[TestFixture]
public sealed class SplitTests
{
    private const int Count = 200, Rare = 20;

    // One in ten is of the rare class; an input is the number of its example.
    private static readonly Dataset Uneven = new(
        new Table([.. Enumerable.Range(0, Count).Select(example => (float)example)], 1),
        new Table([.. Enumerable.Range(0, Count).SelectMany(example => example < Rare ? new float[] { 1, 0 } : [0, 1])], 2))
    {
        ClassNames = ["rare", "frequent"],
    };

    [Test]
    public void Stratified_GivesEachPartItsShare()
    {
        var parts = Split.Stratified(Uneven, 0.5, 0.25, 0.25, seed: 3);
        Assert.That(new[] { parts.Train.Count, parts.Validation.Count, parts.Test!.Count }, Is.EqualTo(new[] { 100, 50, 50 }));
        Assert.That(new[] { RareIn(parts.Train), RareIn(parts.Validation), RareIn(parts.Test) }, Is.All.GreaterThan(0));
        Assert.That(RareIn(parts.Train), Is.EqualTo(10).Within(1));
        Assert.That(RareIn(parts.Validation), Is.EqualTo(5).Within(1));
        Assert.That(Examples(parts.Train).Concat(Examples(parts.Validation)).Concat(Examples(parts.Test)), Is.EquivalentTo(Enumerable.Range(0, Count)));
        Assert.That(Examples(Split.Stratified(Uneven, 0.5, 0.25, 0.25, seed: 3).Train), Is.EqualTo(Examples(parts.Train)));
        Assert.That(Examples(Split.Stratified(Uneven, 0.5, 0.25, 0.25, seed: 4).Train), Is.Not.EqualTo(Examples(parts.Train)));
    }

    [Test]
    public void KFold_ValidatesEveryExampleOnce([Values(2, 3, 7, 200)] int k, [Values] bool stratified)
    {
        var folds = Split.KFold(Uneven, k, seed: 5, stratified);
        Assert.That(folds, Has.Count.EqualTo(k));
        Assert.That(folds.SelectMany(fold => Examples(fold.Validation)), Is.EquivalentTo(Enumerable.Range(0, Count)));
        foreach (var fold in folds)
        {
            Assert.That(Examples(fold.Train).Concat(Examples(fold.Validation)), Is.EquivalentTo(Enumerable.Range(0, Count)));
            Assert.That(fold.Validation.Count, Is.InRange(Count / k, Count / k + 1));
            if (stratified)
                Assert.That(RareIn(fold.Validation), Is.EqualTo((double)Rare / k).Within(1.01));
        }
    }

    [Test]
    public void WhatCannotBeCut_IsRefused()
    {
        Refusals.Configuration(() => Split.KFold(Uneven, 1), "1 folds of 200 examples: there must be from 2 to as many folds as examples.");
        Refusals.Configuration(() => Split.KFold(Uneven, 201), "201 folds of 200 examples: there must be from 2 to as many folds as examples.");
        var numbers = new Dataset(Uneven.Inputs, Uneven.Targets);
        Refusals.Configuration(
            () => Split.KFold(numbers, 2, stratified: true), "A stratified split is one of classes; these targets are numbers to be met.");
        Assert.That(() => Split.Stratified(Uneven, 0.9, 0.9, 0), Throws.TypeOf<ConfigurationException>().With.Message.StartsWith("A split into fractions"));
        Assert.That(() => Split.Stratified(Uneven, 0.5, 0.001, 0), Throws.TypeOf<ConfigurationException>().With.Message.StartsWith("A split of 200 examples"));
    }

    [Test]
    public void Imbalance_IsSaidWhereItIsNotable()
    {
        Assert.That(ClassImbalance.Describe(Uneven),
            Is.EqualTo("The classes are uneven: \"rare\" has 20 of 200 examples, \"frequent\" has 180 (90.0 %)."));
        Assert.That(ClassImbalance.Describe(Uneven.Select([0, 1, 20, 21, 22])), Is.Null);
        Assert.That(ClassImbalance.Describe(new(Uneven.Inputs, Uneven.Targets)), Is.Null);
    }

    private static int RareIn(Dataset data) => Examples(data).Count(example => example < Rare);

    private static int[] Examples(Dataset data) => [.. data.Inputs.ToArray().Select(number => (int)number)];
}

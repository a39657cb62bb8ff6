using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

[TestFixture]
public sealed class DigitsTests
{
    [Test]
    public void Generate_GivesPicturesOf28By28WithOneClassEach()
    {
        Dataset digits = Digits.Generate(300);
        Assert.That((digits.Count, digits.InputSize, digits.TargetSize), Is.EqualTo((300, 784, 10)));
        Assert.That((digits.ImageWidth, digits.ImageHeight), Is.EqualTo((28, 28)));
        Assert.That(digits.ClassNames, Is.EqualTo(["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]));
        for (int i = 0; i < digits.Count; i++)
        {
            double[] target = Row(digits.Targets, i);
            Assert.That((target.Count(value => value == 1), target.Count(value => value == 0)), Is.EqualTo((1, 9)), $"target of digit {i}");
        }
    }

    [Test]
    public void Generate_PutsInkOnPaper()
    {
        Dataset digits = Digits.Generate(2000);
        double total = 0;
        for (int i = 0; i < digits.Count; i++)
        {
            double[] picture = Row(digits.Inputs, i);
            Assert.That(picture, Is.All.InRange(0, 1), $"digit {i}");
            Assert.That(picture.Sum(), Is.InRange(10, 320), $"ink of digit {i}");
            Assert.That(picture.Max(), Is.GreaterThan(0.4), $"darkest pixel of digit {i}");
            total += picture.Average();
        }
        // The test pictures of MNIST average 0.133.
        Assert.That(total / digits.Count, Is.InRange(0.10, 0.15));
    }

    [Test]
    public void Generate_CentresTheWriting()
    {
        Dataset digits = Digits.Generate(500);
        for (int i = 0; i < digits.Count; i++)
        {
            double[] picture = Row(digits.Inputs, i);
            double ink = picture.Sum();
            double x = picture.Select((value, pixel) => value * (pixel % 28 + 0.5)).Sum() / ink;
            double y = picture.Select((value, pixel) => value * (pixel / 28 + 0.5)).Sum() / ink;
            Assert.That((x, y), Is.EqualTo((14.0, 14.0)).Within(4.0), $"centre of mass of digit {i}");
        }
    }

    [Test]
    public void Generate_OfMore_BeginsWithTheSameDigits()
    {
        Dataset few = Digits.Generate(37, seed: 5), many = Digits.Generate(400, seed: 5);
        Assert.That(many.Inputs.ToArray()[..(37 * 784)], Is.EqualTo(few.Inputs.ToArray()));
        Assert.That(many.Targets.ToArray()[..(37 * 10)], Is.EqualTo(few.Targets.ToArray()));
    }

    [Test]
    public void Generate_OnManyThreadsAtOnce_GivesTheSameBits()
    {
        float[][] results = new float[8][];
        Parallel.For(0, results.Length, i =>
            results[i] = [.. Digits.Generate(200, seed: 9).Inputs.ToArray().Select(value => (float)value)]);
        foreach (float[] result in results)
            Assert.That(result.AsSpan().SequenceEqual(results[0]), Is.True);
    }

    // A run that is resumed, or repeated elsewhere, must find the digits it started with. Changing the handwriting changes this number.
    [Test]
    public void Generate_IsTheKnownAnswer()
    {
        ulong hash = 14695981039346656037;
        foreach (double pixel in Digits.Generate(200, seed: 1).Inputs.ToArray())
            hash = (hash ^ BitConverter.SingleToUInt32Bits((float)pixel)) * 1099511628211;
        Assert.That(hash, Is.EqualTo(9912274123230453908UL));
    }

    [Test]
    public void Generate_WithAnotherSeed_GivesOtherDigits()
    {
        Dataset one = Digits.Generate(100, seed: 1), two = Digits.Generate(100, seed: 2);
        for (int i = 0; i < 100; i++)
            Assert.That(Row(two.Inputs, i), Is.Not.EqualTo(Row(one.Inputs, i)), $"digit {i}");
    }

    [Test]
    public void Generate_GivesEveryClassItsShareInRandomOrder()
    {
        int[] classes = Classes(Digits.Generate(5000));
        for (int digit = 0; digit < 10; digit++)
            // Expected 500 with a standard deviation of 21.
            Assert.That(classes.Count(c => c == digit), Is.InRange(400, 600), $"pictures of {digit}");
        int repeated = classes.Zip(classes.Skip(1)).Count(pair => pair.First == pair.Second);
        Assert.That(repeated, Is.InRange(400, 600), "neighbours of one class");
    }

    [Test]
    public void NearestClassMean_LearnsFromTheDigitsButDoesNotSolveThem()
    {
        Dataset digits = Digits.Generate(4000);
        int[] classes = Classes(digits);
        var means = new double[10][];
        for (int digit = 0; digit < 10; digit++)
        {
            int[] members = [.. Enumerable.Range(0, 3000).Where(i => classes[i] == digit)];
            means[digit] = new double[784];
            foreach (int i in members)
                for (int pixel = 0; pixel < 784; pixel++)
                    means[digit][pixel] += digits.Inputs[i, pixel] / members.Length;
        }
        int right = Enumerable.Range(3000, 1000).Count(i =>
        {
            double[] picture = Row(digits.Inputs, i);
            return Enumerable.Range(0, 10).MinBy(digit => picture.Zip(means[digit], (a, b) => (a - b) * (a - b)).Sum()) == classes[i];
        });
        Assert.That(right / 1000.0, Is.InRange(0.65, 0.9));
    }

    [TestCase(0)]
    [TestCase(-7)]
    public void Generate_OfNone_IsRefused(int count) =>
        Assert.That(() => Digits.Generate(count), Throws.TypeOf<ConfigurationException>()
            .With.Message.EqualTo($"{count} digits were asked for; ask for at least 1."));

    [Test]
    public void Generate_OfMoreThanAnArrayHolds_IsRefused() =>
        Assert.That(() => Digits.Generate(int.MaxValue), Throws.TypeOf<ConfigurationException>()
            .With.Message.EqualTo("2147483647 digits were asked for; at most 2739137 fit into one array."));

    private static int[] Classes(Dataset digits) =>
        [.. Enumerable.Range(0, digits.Count).Select(i => Array.IndexOf(Row(digits.Targets, i), 1.0))];

    private static double[] Row(Table table, int row)
    {
        var values = new double[table.Columns];
        table.CopyRow<double>(row, values);
        return values;
    }
}

using Hypergrad.Data;

namespace Hypergrad.Tests.Data;

/// <summary>Folders in MNIST's layout: generated digits, or MNIST's own where the machine has it.</summary>
internal static class MnistFolder
{
    /// <summary>Names the folder of MNIST's test set.</summary>
    public const string Variable = "HYPERGRAD_TESTS_MNIST";

    /// <summary>Writes generated digits, a byte a pixel, as MNIST's test set is written.</summary>
    /// <returns>The digits, rounded as the file has them.</returns>
    public static Dataset Write(TemporaryFolder folder, int count)
    {
        var digits = Digits.Generate(count);
        byte[] pixels = [.. digits.Inputs.ToArray().Select(ink => (byte)Math.Round(255 * ink))];
        byte[] labels = [.. Enumerable.Range(0, count).Select(i => (byte)Enumerable.Range(0, 10).Single(c => digits.Targets[i, c] == 1))];
        folder.Write("t10k-images-idx3-ubyte.gz", TemporaryFolder.Gzip(IdxBytes.File(8, [count, 28, 28], pixels)));
        folder.Write("t10k-labels-idx1-ubyte.gz", TemporaryFolder.Gzip(IdxBytes.File(8, [count], labels)));
        return new(new Table([.. pixels.Select(pixel => pixel / 255f)], digits.InputSize), digits.Targets);
    }

    /// <summary>The folder of MNIST's own test set; a test that needs it is skipped, visibly, where it is not named.</summary>
    public static string RequireReal()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { } folder)
        {
            Assert.Ignore($"{Variable} is not set; this test reads MNIST's own test set from the folder that it names.");
            return "";
        }
        return folder;
    }
}

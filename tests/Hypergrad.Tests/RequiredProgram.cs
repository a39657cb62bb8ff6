namespace Hypergrad.Tests;

/// <summary>
/// Programs that tests run and a machine may lack: browsers, shells. A test that needs one is skipped without it, and says so; those named
/// in the variable <c>HYPERGRAD_REQUIRED_PROGRAMS</c>, divided by blanks, must be there.
/// </summary>
internal static class RequiredProgram
{
    private const string Variable = "HYPERGRAD_REQUIRED_PROGRAMS";

    /// <summary>The full path of a program, under the first of its names that is in the PATH.</summary>
    public static string Find(params string[] names)
    {
        string[] folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        string[] suffixes = OperatingSystem.IsWindows() ? [".exe"] : [""];
        var files = names.SelectMany(name => folders.SelectMany(folder => suffixes.Select(suffix => Path.Combine(folder, name + suffix))));
        if (files.FirstOrDefault(File.Exists) is { } found)
            return found;
        string missing = $"There is no {string.Join(" or ", names)} in the PATH; this test runs it.";
        if ((Environment.GetEnvironmentVariable(Variable) ?? "").Split(' ').Intersect(names).Any())
            Assert.Fail($"{missing} {Variable} says that it must be there.");
        Assert.Ignore(missing);
        return missing;
    }
}

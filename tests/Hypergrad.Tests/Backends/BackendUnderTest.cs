using Hypergrad.Backends;

namespace Hypergrad.Tests.Backends;

/// <summary>A fixture that is run once for every backend, and skipped, with the reason, for one that is not available here.</summary>
public abstract class BackendUnderTest(string name)
{
    private IBackend? backend;

    /// <summary>The backends; where the tests are run for every mutant, the one that is there without the native library.</summary>
#if MUTATION
    public static string[] Names { get; } = ["managed"];
#else
    public static string[] Names { get; } = ["managed", "native-host", "cuda"];
#endif

    /// <summary>The backends but the managed one, which they are compared with.</summary>
    public static string[] NativeNames { get; } = ["native-host", "cuda"];

    /// <summary>Every backend in every precision.</summary>
    public static object[][] NamesAndPrecisions { get; } =
        [.. from name in Names from precision in Enum.GetValues<Precision>() select new object[] { name, precision }];

    /// <summary>The backend.</summary>
    protected IBackend UnderTest => backend ?? throw new InvalidOperationException("The fixture was not set up.");

    [OneTimeSetUp]
    public void FindBackend()
    {
        try
        {
            backend = Backend.Find(name);
        }
        catch (ConfigurationException exception)
        {
            Assert.Ignore(exception.Message);
        }
    }
}

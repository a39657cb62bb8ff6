namespace Hypergrad.Tests;

/// <summary>Asserts that something is refused, word for word.</summary>
internal static class Refusals
{
    public static void Configuration(Action action, string message) =>
        Assert.That(action, Throws.TypeOf<ConfigurationException>().With.Message.EqualTo(message));

    public static void Data(Action action, string message) =>
        Assert.That(action, Throws.TypeOf<DataException>().With.Message.EqualTo(message));
}

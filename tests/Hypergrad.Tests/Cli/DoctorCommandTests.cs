using Hypergrad.Backends.Managed;

namespace Hypergrad.Tests.Cli;

[TestFixture]
public sealed class DoctorCommandTests
{
    [Test]
    public void Doctor_SaysWhatTheMachineComputesWith_AndThatAReversalIsExactOnIt() => Assert.That(CommandLine.Succeed("doctor"), Does
        .Contain($"processors │ {Environment.ProcessorCount} ").And.Contain($"vectors computed as │ {ManagedBackend.InstructionSet}")
        .And.Contain("instruction sets │ ").And.Contain("native library │ ").And.Contain("cuda backend │ ")
        .And.Contain("a short training reversed to the bit, gradient equal to the stored method's"));

    [Test]
    public void HelpOfEveryCommand_NamesIt([Values("tune", "gradient", "data", "doctor")] string command)
    {
        Assert.That(CommandLine.Succeed("--help"), Does.Contain(command));
        Assert.That(CommandLine.Succeed(command, "--help"), Does.Contain($"{command} "));
    }
}

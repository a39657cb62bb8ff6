using Hypergrad.Backends.Managed.Products;

namespace Hypergrad.Tests.Backends.Managed;

[TestFixture]
public sealed unsafe class ProductWorkspaceTests
{
    [Test]
    public void Workspace_OfOtherNumbers_IsRefused() =>
        Assert.That(
            () => new ProductWorkspace<int>(1),
            Throws.TypeOf<ConfigurationException>().With.Message.EqualTo("Products are of float or double, not of Int32."));

    [Test]
    public void Workspace_WithoutThreads_IsRefused() =>
        Assert.That(
            () => new ProductWorkspace<float>(0),
            Throws.TypeOf<ConfigurationException>().With.Message.EqualTo("The number of threads is 0; it must be at least 1."));

    [Test]
    public void Buffers_LieOn64ByteBoundaries_AndStayWhileTheySuffice()
    {
        using var workspace = new ProductWorkspace<double>(2);
        double* first = workspace.Group(1, 1000);
        Assert.That((nint)first % 64, Is.EqualTo((nint)0));
        Assert.That((nint)workspace.Group(1, 999), Is.EqualTo((nint)first));
    }
}

using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Hypergrad.Backends.Native;
using Hypergrad.Interop;

namespace Hypergrad.Tests.Backends.Native;

/// <summary>
/// The generated bindings against what the library says of itself: every struct's size, every field's place, every entry point.
/// </summary>
[TestFixture]
public sealed unsafe class AbiTests
{
    private static readonly Type[] Structs = [.. typeof(NativeMethods).Assembly.GetTypes()
        .Where(type => type is { IsValueType: true, IsEnum: false, IsNested: false })
        .Where(type => type.Name.StartsWith("hg_", StringComparison.Ordinal))];

    [OneTimeSetUp]
    public void RequireLibrary() => NativeLibraryUnderTest.Require();

    [Test]
    public void Bindings_HaveTheStructsOfTheHeader() => Assert.That(
        Structs.Select(type => type.Name), Is.EquivalentTo([
            "hg_device_properties", "hg_group_pattern", "hg_slot", "hg_coefficient", "hg_update", "hg_adjoint", "hg_window", "hg_value",
            "hg_parameter", "hg_operation", "hg_session_description", "hg_tensor", "hg_hypergradient_request", "hg_hypergradient_result",
        ]));

    [TestCaseSource(nameof(Structs))]
    public void Struct_HasTheSizeAndOffsetsOfTheLibrary(Type type)
    {
        var size = typeof(Unsafe).GetMethod(nameof(Unsafe.SizeOf))!.MakeGenericMethod(type);
        Assert.That(size.Invoke(null, null), Is.EqualTo(Layout(type.Name, null)), "size");
        var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic);
        Assert.That(fields, Is.Not.Empty);
        using (Assert.EnterMultipleScope())
            foreach (var field in fields)
                Assert.That(OffsetOf(field), Is.EqualTo(Layout(type.Name, field.Name)), field.Name);
    }

    [Test]
    public void Layout_OfAFieldThatIsNotThere_IsRefused() =>
        Assert.That(() => Layout("hg_group_pattern", "colour"), Throws.TypeOf<ConfigurationException>());

    [Test]
    public void Bindings_HaveTheEntryPointsOfTheLibrary_AndNoOther()
    {
        var bound = typeof(NativeMethods).GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(method => method.GetCustomAttribute<DllImportAttribute>() is not null).Select(method => method.Name);
        Assert.That(bound, Is.EquivalentTo(EntryPoints()));
    }

    [Test]
    public void EntryPoints_AreExported() => Assert.That(
        EntryPoints(), Is.All.Matches<string>(name => NativeLibrary.TryGetExport(NativeLibraryLoader.Report.Handle, name!, out _)));

    [Test]
    public void AbiVersion_IsThatOfTheHeader() => Assert.That(NativeMethods.hg_abi_version(), Is.EqualTo(NativeMethods.HG_ABI_VERSION));

    private static List<string> EntryPoints()
    {
        var names = new List<string>();
        sbyte* name;
        while (NativeMethods.hg_entry_point(names.Count, &name) == hg_status.HG_OK)
            names.Add(NativeCall.Text(name));
        return names;
    }

    private static long Layout(string structure, string? field)
    {
        long bytes;
        fixed (byte* name = Zero(structure), fieldName = field is null ? null : Zero(field))
            NativeCall.Require(NativeMethods.hg_layout((sbyte*)name, (sbyte*)fieldName, &bytes));
        return bytes;
    }

    private static byte[] Zero(string text) => Encoding.UTF8.GetBytes(text + "\0");

    // Where a field begins: the only byte of the struct that is not 0 after its first one was set.
    private static int OffsetOf(FieldInfo field)
    {
        object value = field.FieldType.IsPointer ? Pointer.Box((void*)1, field.FieldType) : Activator.CreateInstance(field.FieldType)!;
        if (value is not Pointer)
            WithBytes(value, bytes => bytes[0] = 1);
        object structure = Activator.CreateInstance(field.DeclaringType!)!;
        field.SetValue(structure, value);
        int offset = 0;
        WithBytes(structure, bytes =>
        {
            while (bytes[offset] == 0)
                offset++;
        });
        return offset;
    }

    private delegate void BytesAction(byte* bytes);

    private static void WithBytes(object boxed, BytesAction action)
    {
        var pinned = GCHandle.Alloc(boxed, GCHandleType.Pinned);
        action((byte*)pinned.AddrOfPinnedObject());
        pinned.Free();
    }
}

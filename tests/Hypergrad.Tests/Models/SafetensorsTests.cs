using System.Buffers.Binary;
using System.Text;
using Hypergrad.Models;

namespace Hypergrad.Tests.Models;

[TestFixture]
public sealed class SafetensorsTests
{
    [Test]
    public void Tensors_ComeBack_AndTheHeaderIsTheFormats()
    {
        NamedTensor[] tensors = [new("W1", [2, 3], [1, 2, 3, 4, 5, float.Epsilon]), new("b1", [1], [-0f])];
        byte[] bytes = Safetensors.ToBytes(tensors);
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        Assert.That(length % 8, Is.Zero);
        Assert.That(Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' '), Is.EqualTo(
            """{"__metadata__":{"format":"hypergrad"},"W1":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"b1":"""
            + """{"dtype":"F32","shape":[1],"data_offsets":[24,28]}}"""));
        var read = SafetensorsReader.Read(bytes);
        Assert.That(read.Select(tensor => (tensor.Name, string.Join('×', tensor.Sizes))), Is.EqualTo(new[] { ("W1", "2×3"), ("b1", "1") }));
        Assert.That(read.SelectMany(tensor => tensor.Values.Select(BitConverter.SingleToInt32Bits)),
            Is.EqualTo(tensors.SelectMany(tensor => tensor.Values.Select(BitConverter.SingleToInt32Bits))));
    }

    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""",
        "the tensor \"b\" starts at byte 4, where 8 bytes are taken: tensors lie one after the other, without gaps or overlaps.")]
    [TestCase("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""",
        "the tensor \"b\" starts at byte 8, where 4 bytes are taken: tensors lie one after the other, without gaps or overlaps.")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", "the tensors take 8 bytes and the file has 12 for them.")]
    [TestCase("""{"a":{"dtype":"F32","shape":[4],"data_offsets":[0,16]}}""",
        "the tensor \"a\" lies at bytes 0 to 16, and there are 12; the file is truncated or damaged.")]
    [TestCase("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[12,0]}}""",
        "the tensor \"a\" lies at bytes 12 to 0, and there are 12; the file is truncated or damaged.")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,12]}}""",
        "the tensor \"a\" has 12 bytes, which is not what its shape takes.")]
    [TestCase("""{"a":{"dtype":"F32","shape":[2147483647,2147483647,2147483647],"data_offsets":[0,12]}}""",
        "the tensor \"a\" has 12 bytes, which is not what its shape takes.")]
    [TestCase("""{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}""",
        "the tensor \"a\" has 0 bytes, which is not what its shape takes.")]
    [TestCase("""{"a":{"dtype":"F16","shape":[6],"data_offsets":[0,12]}}""", "the tensor \"a\" is of the type \"F16\"; weights are F32.")]
    [TestCase("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0]}}""", "a.data_offsets has 1 numbers; it needs a start and an end.")]
    [TestCase("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[-1,12]}}""",
        "a.data_offsets[0]: -1 is not a whole number of at least 0.")]
    [TestCase("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]},"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""",
        "the tensor \"a\" stands twice.")]
    [TestCase("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12],"more":1}}""", "a: there is no field \"more\".")]
    [TestCase("[]", "the header is not an object.")]
    [TestCase("{", "the header is not valid JSON: ")]
    public void DamagedHeader_IsRefused(string header, string message) =>
        Assert.That(() => SafetensorsReader.Read(File(header, new byte[12])),
            Throws.TypeOf<DataException>().With.Message.StartsWith(message));

    [Test]
    public void TruncatedOrOversizedFile_IsRefused()
    {
        byte[] whole = Safetensors.ToBytes([new("a", [3], [1, 2, 3])]);
        for (int length = 0; length < whole.Length; length++)
            Assert.That(() => SafetensorsReader.Read(whole.AsMemory(0, length)), Throws.TypeOf<DataException>(), $"{length} bytes");
        Refusals.Data(() => SafetensorsReader.Read((byte[])[.. whole, 0]), "the tensors take 12 bytes and the file has 13 for them.");
        Refusals.Data(() => SafetensorsReader.Read(new byte[3]), "the file has 3 bytes and is no safetensors file; it is truncated.");
        byte[] huge = [.. Enumerable.Repeat((byte)255, 20)];
        Refusals.Data(() => SafetensorsReader.Read(huge),
            "the header is said to have 18446744073709551615 bytes, and the file has 20; it is truncated, or no safetensors file.");
    }

    [Test]
    public void WeightThatIsNotFinite_IsRefused() => Refusals.Data(
        () => SafetensorsReader.Read(Safetensors.ToBytes([new("a", [2], [1, float.NaN])])),
        "the tensor \"a\" holds NaN at position 1; every weight must be finite.");

    // The same numbers again and again, so that nothing is set aside for them.
    [Test]
    public void MoreThanAnArrayCanHold_IsRefused()
    {
        var values = new float[1 << 20];
        NamedTensor[] tensors = [.. Enumerable.Range(0, 600).Select(i => new NamedTensor($"W{i}", [values.Length], values))];
        Assert.That(() => Safetensors.ToBytes(tensors), Throws.TypeOf<ConfigurationException>()
            .With.Message.Match("^The weights take 25[0-9]{8} bytes; a model has at most [0-9]+. Use fewer replicas.$"));
    }

    private static byte[] File(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header), length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        return [.. length, .. text, .. data];
    }
}

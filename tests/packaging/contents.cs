// Usage: dotnet run contents.cs FOLDER VERSION. Checks what is inside the packages of a folder; says what is missing and ends with 1.
#:property PublishAot=false
using System.IO.Compression;

string folder = args[0], version = args[1];
int faults = 0;
foreach (string id in new[] { "Hypergrad", "Hypergrad.Interop", "Hypergrad.Onnx", "Hypergrad.Parquet", "Hypergrad.DataView", "Hypergrad.Interactive" }.Where(HasPackage))
{
    Check(id, ".nupkg", "README.md", "LICENSE", $"lib/net10.0/{id}.dll", $"lib/net10.0/{id}.xml");
    Check(id, ".snupkg", $"lib/net10.0/{id}.pdb");
}
if (HasPackage("Hypergrad.Interactive"))
    Check("Hypergrad.Interactive", ".nupkg", "interactive-extensions/dotnet/extension.dib");
Check("Hypergrad.Cli", ".nupkg", "README.md", "LICENSE", "tools/net10.0/any/Hypergrad.Cli.dll", "tools/net10.0/any/Hypergrad.dll");
Check("Hypergrad.Cli", ".snupkg", "tools/net10.0/any/Hypergrad.Cli.pdb");
string own = OwnRid();
foreach (string path in Directory.GetFiles(folder, "Hypergrad.Native.*.nupkg"))
{
    string id = Path.GetFileNameWithoutExtension(path)[..^(version.Length + 1)], rid = id.Split('.')[^1];
    string variant = id.StartsWith("Hypergrad.Native.Cuda.", StringComparison.Ordinal) ? "_cuda" : "";
    string library = rid.Split('-')[0] switch { "win" => $"hypergrad{variant}.dll", "osx" => $"libhypergrad{variant}.dylib", _ => $"libhypergrad{variant}.so" };
    Check(id, ".nupkg", "README.md", "LICENSE", $"runtimes/{rid}/native/{library}");
    if (rid == own && variant == "")
        Check("Hypergrad.Cli", ".nupkg", $"tools/net10.0/any/runtimes/{rid}/native/{library}");
}
return faults == 0 ? 0 : 1;

// The system that the packages are made on.
string OwnRid() => System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier;
bool HasPackage(string id) => id == "Hypergrad" || File.Exists(Package(id, ".nupkg"));
string Package(string id, string extension) => Path.Combine(folder, $"{id}.{version}{extension}");

void Check(string id, string extension, params string[] wanted)
{
    using ZipArchive archive = ZipFile.OpenRead(Package(id, extension));
    var entries = archive.Entries.ToDictionary(entry => entry.FullName, entry => entry.Length);
    foreach (string entry in wanted.Where(entry => entries.GetValueOrDefault(entry) == 0))
    {
        Console.WriteLine($"{id}{extension} has no {entry}");
        faults++;
    }
    if (extension == ".snupkg")
        return;
    using var nuspec = new StreamReader(archive.GetEntry($"{id}.nuspec")!.Open());
    string text = nuspec.ReadToEnd();
    string[] tags = ["<license type=\"expression\">MIT</license>", "<readme>README.md</readme>", "<description>"];
    foreach (string tag in tags.Where(tag => !text.Contains(tag, StringComparison.Ordinal)))
    {
        Console.WriteLine($"{id}.nuspec has no {tag}");
        faults++;
    }
}

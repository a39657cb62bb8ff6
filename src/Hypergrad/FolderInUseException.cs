namespace Hypergrad;

/// <summary>A folder that another tuning is writing to.</summary>
/// <param name="folder">The folder.</param>
/// <param name="process">The number of the process that has it; 0 where it is not known.</param>
public sealed class FolderInUseException(string folder, int process) : HypergradException(
    $"{folder}: another tuning{(process > 0 ? $" (process {process})" : "")} is using this folder. Wait for its end, or choose another.")
{
    /// <summary>The folder.</summary>
    public string Folder { get; } = folder;

    /// <summary>The number of the process that has it; 0 where it is not known.</summary>
    public int Process { get; } = process;
}

namespace Hypergrad.Backends;

/// <summary>A session whose threads also do what is neither steps nor passes: what every replica asks for at the end.</summary>
internal interface ITeam
{
    /// <summary>
    /// Runs <c>body(i)</c> for all i below <paramref name="count"/>, in any order, and returns when all are done. Bodies may read vectors
    /// of the session, and have it do nothing.
    /// </summary>
    void For(int count, Action<int> body);
}

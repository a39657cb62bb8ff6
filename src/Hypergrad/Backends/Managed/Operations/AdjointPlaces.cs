using Hypergrad.Networks;

namespace Hypergrad.Backends.Managed.Operations;

/// <summary>
/// Where adjoints lie on the way backward: an adjoint is wanted from when the last operation that reads its value writes it until the
/// operation that made the value has read it, and adjoints that are never wanted at once share a place. The network's input has none
/// here: it is seldom asked for its adjoint, and then to the end.
/// </summary>
internal sealed class AdjointPlaces
{
    private const int Nowhere = -1, InputIndex = 0;

    private readonly int[] places;
    private readonly List<int> sizes = [];

    /// <summary>Walks backward through a program.</summary>
    public AdjointPlaces(NetworkProgram program)
    {
        places = new int[program.ValueCount];
        Array.Fill(places, Nowhere);
        var free = new List<int>();
        places[program.Output.Index] = Take(free, program.Output.Shape.Count);
        foreach (var operation in program.Operations.Reverse())
        {
            foreach (var input in operation.Inputs)
                if (places[input.Index] == Nowhere && input.Index != InputIndex)
                    places[input.Index] = Take(free, input.Shape.Count);
            ref int output = ref places[operation.Output.Index];
            if (output == Nowhere)
                output = Take([], operation.OutputShape.Count); // What nothing reads has the adjoint 0, and nothing else is written there.
            else
                free.Add(output);
        }
    }

    /// <summary>How many numbers of an example there is room for at each place.</summary>
    public IReadOnlyList<int> Sizes => sizes;

    /// <summary>The place of a value's adjoint.</summary>
    /// <param name="value">The value's index in the program.</param>
    public int Of(int value) => places[value];

    // The smallest free one with room enough, or else the largest, which grows; or a new one.
    private int Take(List<int> free, int size)
    {
        if (free.Count == 0)
        {
            sizes.Add(size);
            return sizes.Count - 1;
        }
        int place = free.MinBy(candidate => sizes[candidate] >= size ? sizes[candidate] : (long)int.MaxValue + size - sizes[candidate]);
        free.Remove(place);
        sizes[place] = Math.Max(sizes[place], size);
        return place;
    }
}

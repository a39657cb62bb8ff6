namespace Hypergrad.Tests.Hypergradients.Reference;

/// <summary>A number on a <see cref="Tape"/>.</summary>
internal readonly struct Variable(Tape tape, int index, double value)
{
    public Tape Tape { get; } = tape;

    public int Index { get; } = index;

    public double Value { get; } = value;

    public static Variable operator +(Variable a, Variable b) => a.Tape.Record(a.Value + b.Value, a.Index, 1, b.Index, 1);

    public static Variable operator -(Variable a, Variable b) => a.Tape.Record(a.Value - b.Value, a.Index, 1, b.Index, -1);

    public static Variable operator *(Variable a, Variable b) => a.Tape.Record(a.Value * b.Value, a.Index, b.Value, b.Index, a.Value);

    public static Variable operator +(double a, Variable b) => b.Tape.Record(a + b.Value, b.Index, 1, -1, 0);

    public static Variable operator -(double a, Variable b) => b.Tape.Record(a - b.Value, b.Index, -1, -1, 0);

    public static Variable operator *(double a, Variable b) => b.Tape.Record(a * b.Value, b.Index, a, -1, 0);

    /// <summary>A function of this number, given its value and its derivative here.</summary>
    public Variable Apply(double value, double derivative) => Tape.Record(value, Index, derivative, -1, 0);
}

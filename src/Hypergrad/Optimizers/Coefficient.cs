using Hypergrad.Arithmetic;
using Hypergrad.Hyperparameters;

namespace Hypergrad.Optimizers;

/// <summary>
/// A number per step and group of weights, made of the tables of an optimizer's quantities by the operators below; it knows its
/// derivatives, so that an optimizer is written as its formula.
/// </summary>
public abstract class Coefficient
{
    private protected Coefficient(WeightGrouping grouping, double[] values, DecayRatio[]? ratios = null)
    {
        (Grouping, Values, Ratios) = (grouping, values, ratios);
    }

    /// <summary>Which weights share a column.</summary>
    public WeightGrouping Grouping { get; }

    /// <summary>[steps × groups].</summary>
    public double[] Values { get; }

    /// <summary>The exact ratios that the values are, [steps × groups], where the coefficient is a decay; else null.</summary>
    internal DecayRatio[]? Ratios { get; }

    /// <summary>How many steps.</summary>
    public int Steps => Values.Length / Grouping.Count;

    /// <summary>The values of one step, [groups].</summary>
    public ReadOnlySpan<double> Row(int step) => Values.AsSpan(step * Grouping.Count, Grouping.Count);

    /// <summary>The quantities that it is made of.</summary>
    public abstract IEnumerable<Quantity> Quantities { get; }

    /// <summary>Notes the tables of the quantities that it is made of.</summary>
    internal abstract void AddTables(IDictionary<Quantity, Coefficient> tables);

    /// <summary>Adds to the gradients of its quantities what a gradient with respect to it contributes.</summary>
    /// <param name="gradient">[steps × groups].</param>
    /// <param name="tables">The gradients of the quantities, [steps × groups of theirs]; those missing are not wanted.</param>
    public abstract void PullBack(double[] gradient, IReadOnlyDictionary<Quantity, double[]> tables);

    /// <summary>The table of a quantity.</summary>
    public static Coefficient Of(Quantity quantity, ScheduleTable table) => new Table(quantity, table, null);

    /// <summary>The table of a decay, each value rounded to the ratio that the exact arithmetic multiplies by.</summary>
    /// <param name="quantity">The quantity.</param>
    /// <param name="table">Its values, from 0 to 1.</param>
    /// <param name="round">To the nearest ratio.</param>
    internal static Coefficient OfDecay(Quantity quantity, ScheduleTable table, Func<double, DecayRatio> round)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(round);
        var ratios = new DecayRatio[table.Values.Length];
        for (int i = 0; i < ratios.Length; i++)
            ratios[i] = round(table.Values[i]);
        return new Table(quantity, table, ratios);
    }

    /// <summary>
    /// 1 − δ in the form of a momentum γ: the exact complement of γ where no dampening is given, else the same number everywhere.
    /// </summary>
    public static Coefficient Undampened(Coefficient momentum, double? dampening) =>
        dampening is { } δ ? new Affine(momentum, 0, 1 - δ) : 1 - momentum;

    /// <summary>−a.</summary>
    public static Coefficient operator -(Coefficient a) => new Affine(a, -1, 0);

    /// <summary>k − a; of a ratio the exact complement.</summary>
    public static Coefficient operator -(double k, Coefficient a) => new Affine(a, -1, k);

    /// <summary>k·a.</summary>
    public static Coefficient operator *(double k, Coefficient a) => new Affine(a, k, 0);

    /// <summary>a∘b, over the groups of both.</summary>
    public static Coefficient operator *(Coefficient a, Coefficient b) => new Product(a, b);

    /// <summary>The same numbers rounded to the nearest ratios, for a decay; its derivatives are those of the unrounded numbers.</summary>
    public Coefficient AsDecay() => new Rounded(this);

    /// <summary>1 − Π_{τ ≤ t} a_τ: the bias correction of a mean with the decays a (Kingma, Ba 2015).</summary>
    public Coefficient BiasCorrection() => new Correction(this);

    private sealed class Table(Quantity quantity, ScheduleTable table, DecayRatio[]? ratios) : Coefficient(
        table.Grouping, ratios is null ? table.Values.ToArray() : Array.ConvertAll(ratios, ratio => ratio.Value), ratios)
    {
        public override IEnumerable<Quantity> Quantities => [quantity];

        internal override void AddTables(IDictionary<Quantity, Coefficient> tables) => tables[quantity] = this;

        public override void PullBack(double[] gradient, IReadOnlyDictionary<Quantity, double[]> tables)
        {
            if (tables.TryGetValue(quantity, out double[]? sums))
                for (int i = 0; i < gradient.Length; i++)
                    sums[i] += gradient[i];
        }
    }

    private sealed class Affine(Coefficient a, double factor, double offset) : Coefficient(a.Grouping, ValuesOf(a, factor, offset))
    {
        public override IEnumerable<Quantity> Quantities => a.Quantities;

        internal override void AddTables(IDictionary<Quantity, Coefficient> tables) => a.AddTables(tables);

        public override void PullBack(double[] gradient, IReadOnlyDictionary<Quantity, double[]> tables) =>
            a.PullBack(Array.ConvertAll(gradient, value => factor * value), tables);

        private static double[] ValuesOf(Coefficient a, double factor, double offset) =>
            a.Ratios is { } ratios && factor == -1 && offset == 1
                ? Array.ConvertAll(ratios, ratio => ratio.Complement)
                : Array.ConvertAll(a.Values, value => offset + factor * value);
    }

    private sealed class Product : Coefficient
    {
        private readonly Coefficient a, b;
        private readonly int[] mapA, mapB;

        public Product(Coefficient a, Coefficient b) : this(a, b, WeightGrouping.Join(a.Grouping, b.Grouping)) { }

        private Product(Coefficient a, Coefficient b, (WeightGrouping Joint, int[] First, int[] Second) join)
            : base(join.Joint, ValuesOf(a, b, join.First, join.Second))
        {
            (this.a, this.b, mapA, mapB) = (a, b, join.First, join.Second);
        }

        public override IEnumerable<Quantity> Quantities => a.Quantities.Concat(b.Quantities);

        internal override void AddTables(IDictionary<Quantity, Coefficient> tables)
        {
            a.AddTables(tables);
            b.AddTables(tables);
        }

        public override void PullBack(double[] gradient, IReadOnlyDictionary<Quantity, double[]> tables)
        {
            double[] gradientA = new double[a.Values.Length], gradientB = new double[b.Values.Length];
            for (int i = 0; i < gradient.Length; i++)
            {
                int step = i / Grouping.Count, group = i % Grouping.Count;
                int atA = step * a.Grouping.Count + mapA[group], atB = step * b.Grouping.Count + mapB[group];
                gradientA[atA] += gradient[i] * b.Values[atB];
                gradientB[atB] += gradient[i] * a.Values[atA];
            }
            a.PullBack(gradientA, tables);
            b.PullBack(gradientB, tables);
        }

        private static double[] ValuesOf(Coefficient a, Coefficient b, int[] mapA, int[] mapB)
        {
            var values = new double[a.Steps * mapA.Length];
            for (int i = 0; i < values.Length; i++)
            {
                int step = i / mapA.Length, group = i % mapA.Length;
                values[i] = a.Values[step * a.Grouping.Count + mapA[group]] * b.Values[step * b.Grouping.Count + mapB[group]];
            }
            return values;
        }
    }

    private sealed class Rounded : Coefficient
    {
        private readonly Coefficient a;

        public Rounded(Coefficient a) : this(a, Array.ConvertAll(a.Values, DecayRatio.Nearest)) { }

        private Rounded(Coefficient a, DecayRatio[] ratios)
            : base(a.Grouping, Array.ConvertAll(ratios, ratio => ratio.Value), ratios) => this.a = a;

        public override IEnumerable<Quantity> Quantities => a.Quantities;

        internal override void AddTables(IDictionary<Quantity, Coefficient> tables) => a.AddTables(tables);

        public override void PullBack(double[] gradient, IReadOnlyDictionary<Quantity, double[]> tables) => a.PullBack(gradient, tables);
    }

    private sealed class Correction(Coefficient a) : Coefficient(a.Grouping, ValuesOf(a))
    {
        public override IEnumerable<Quantity> Quantities => a.Quantities;

        internal override void AddTables(IDictionary<Quantity, Coefficient> tables) => a.AddTables(tables);

        // Π_t contains every a_τ with τ ≤ t: ∂F/∂a_τ = −Σ_{t ≥ τ} ∂F/∂b_t · Π_{σ ≤ t, σ ≠ τ} a_σ, by sums from the end; without dividing,
        // so that an a_τ of 0 has its derivative too.
        public override void PullBack(double[] gradient, IReadOnlyDictionary<Quantity, double[]> tables)
        {
            int groups = Grouping.Count;
            var result = new double[gradient.Length];
            for (int group = 0; group < groups; group++)
            {
                double before = 1;
                var products = new double[Steps];
                for (int step = 0; step < Steps; before *= a.Values[step * groups + group], step++)
                    products[step] = before;
                double later = 0;
                for (int step = Steps - 1; step >= 0; step--)
                {
                    int at = step * groups + group;
                    double here = gradient[at] + later;
                    result[at] = -here * products[step];
                    later = here * a.Values[at];
                }
            }
            a.PullBack(result, tables);
        }

        private static double[] ValuesOf(Coefficient a)
        {
            var values = new double[a.Values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                double earlier = i < a.Grouping.Count ? 1 : 1 - values[i - a.Grouping.Count];
                values[i] = 1 - earlier * a.Values[i];
            }
            return values;
        }
    }
}

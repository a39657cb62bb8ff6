using System.Globalization;

namespace Hypergrad.Networks;

/// <summary>
/// Networks in one line: "conv 16 3 relu, pool 2, residual (conv 16 3 padding=1 relu, conv 16 3 padding=1) relu, dense 10". Layers are
/// separated by commas; a layer is its kind and then its fields, in their order or by name=value; an activation stands as a word; layers
/// within a layer stand in parentheses; two sizes that differ are joined by a cross, 3x5.
/// </summary>
public static class NetworkText
{
    private static readonly Dictionary<string, string> Short = new() { ["conv"] = "convolution", ["pool"] = "maxPool" };

    /// <summary>The long names of kinds that have a short one.</summary>
    public static IReadOnlyDictionary<string, string> ShortNames => Short;

    /// <summary>Reads layers.</summary>
    /// <exception cref="ConfigurationException">It is no such text; the message says where.</exception>
    public static IReadOnlyList<Layer> Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int at = 0;
        var layers = ReadLayers(text, ref at, "");
        return at == text.Length
            ? layers
            : throw new ConfigurationException(
                $"The network \"{text}\" has a closing parenthesis at character {at + 1} that nothing opens.");
    }

    /// <summary>
    /// Reads layers for an input: where a dense layer meets an image, the image is flattened first, as the words are commonly meant.
    /// </summary>
    /// <inheritdoc cref="Read(string)"/>
    public static IReadOnlyList<Layer> Read(string text, NetworkInput input)
    {
        var layers = new List<Layer>();
        foreach (var layer in Read(text))
        {
            if (layer is Dense && new ProgramBuilder(input) is var program && program.Lower(layers, program.Input).Shape.Rank == 3)
                layers.Add(new Flatten());
            layers.Add(layer);
        }
        return layers;
    }

    /// <summary>The text of some layers.</summary>
    public static string Of(IEnumerable<Layer> layers) => string.Join(", ", layers.Select(Of));

    /// <summary>The text of one layer.</summary>
    public static string Of(Layer layer)
    {
        ArgumentNullException.ThrowIfNull(layer);
        var writer = new TextWriter(Short.FirstOrDefault(pair => pair.Value == layer.Kind).Key ?? layer.Kind);
        layer.Write(writer);
        return writer.Text;
    }

    private static List<Layer> ReadLayers(string text, ref int at, string path)
    {
        var layers = new List<Layer>();
        while (true)
        {
            string number = $"{path}{layers.Count + 1}";
            var words = new List<string>();
            var inner = new List<IReadOnlyList<Layer>>();
            while (at < text.Length && text[at] is not (',' or ')'))
                if (text[at] == '(')
                {
                    at++;
                    inner.Add(ReadLayers(text, ref at, number + "."));
                    if (at == text.Length)
                        throw new ConfigurationException($"The network \"{text}\" does not close the parenthesis of layer {number}.");
                    at++;
                }
                else if (char.IsWhiteSpace(text[at]))
                {
                    at++;
                }
                else
                {
                    int start = at;
                    while (at < text.Length && text[at] is not (',' or '(' or ')') && !char.IsWhiteSpace(text[at]))
                        at++;
                    words.Add(text[start..at]);
                }
            layers.Add(Make(words, inner, number, text));
            if (at == text.Length || text[at] == ')')
                return layers;
            at++;
        }
    }

    private static Layer Make(List<string> words, List<IReadOnlyList<Layer>> inner, string number, string text)
    {
        if (words.Count == 0)
            throw new ConfigurationException($"Layer {number} of the network \"{text}\" is empty; write a layer between two commas.");
        string kind = Short.GetValueOrDefault(words[0], words[0]);
        var fields = new TextFields(words.Skip(1), inner, $"Layer {number} ({words[0]})");
        if (!LayerKinds.TryRead(kind, fields, out var layer, out string complaint))
            throw new ConfigurationException($"Layer {number}: {complaint}");
        fields.RequireAllRead();
        return layer;
    }

    private sealed class TextFields : LayerFields
    {
        private readonly Queue<string> numbers = new();
        private readonly Dictionary<string, string> named = [];
        private readonly Queue<IReadOnlyList<Layer>> inner;
        private readonly List<string> words = [];
        private readonly string layer;

        public TextFields(IEnumerable<string> texts, List<IReadOnlyList<Layer>> inner, string layer)
        {
            (this.inner, this.layer) = (new(inner), layer);
            foreach (string text in texts)
                if (text.IndexOf('=') is > 0 and var at)
                {
                    if (!named.TryAdd(text[..at], text[(at + 1)..]))
                        throw new ConfigurationException($"{layer}: {text[..at]} is given twice.");
                }
                else if (char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.')
                    numbers.Enqueue(text);
                else
                    words.Add(text);
        }

        public override int Integer(string name, int? fallback = null, int least = 1) =>
            Take(name) is { } text ? Integer(name, text, least) : fallback ?? throw Missing(name);

        public override (int Height, int Width) Pair(string name, (int Height, int Width)? fallback = null, int least = 1)
        {
            if (Take(name) is not { } text)
                return fallback ?? throw Missing(name);
            int cross = text.IndexOf('x');
            return cross < 0
                ? (Integer(name, text, least), Integer(name, text, least))
                : (Integer(name, text[..cross], least), Integer(name, text[(cross + 1)..], least));
        }

        public override double Number(string name, double? fallback = null) => Take(name) is not { } text
            ? fallback ?? throw Missing(name)
            : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
                ? number
                : throw new ConfigurationException($"{layer}: its {name} \"{text}\" is no number such as 0.5.");

        public override bool Flag(string name) => words.Remove(name) || named.Remove(name, out string? text) && text switch
        {
            "true" => true,
            "false" => false,
            _ => throw new ConfigurationException($"{layer}: its {name} \"{text}\" is neither true nor false."),
        };

        public override Activation Activation(string name = "activation")
        {
            if (!named.Remove(name, out string? text) && words.Find(Spelling.Activations.ContainsKey) is { } word)
            {
                text = word;
                words.Remove(word);
            }
            return text is null ? Networks.Activation.Identity
                : Spelling.Activations.TryGetValue(text, out var activation) ? activation
                : throw new ConfigurationException(
                    $"{layer}: there is no activation \"{text}\"; the activations are {string.Join(", ", Spelling.Activations.Keys)}.");
        }

        public override IReadOnlyList<Layer> Layers(string name) =>
            inner.TryDequeue(out var layers)
                ? layers
                : throw new ConfigurationException($"{layer}: its {name} is missing; write its layers in parentheses.");

        public override IReadOnlyList<Layer>? OptionalLayers(string name) => inner.TryDequeue(out var layers) ? layers : null;

        public void RequireAllRead()
        {
            string? left = words.FirstOrDefault() ?? numbers.FirstOrDefault() ?? (named.Count > 0 ? named.Keys.First() : null);
            if (left is not null)
                throw new ConfigurationException($"{layer}: \"{left}\" is not one of its fields, or is one too many.");
            if (inner.Count > 0)
                throw new ConfigurationException($"{layer}: it has more layers in parentheses than it takes.");
        }

        private string? Take(string name) => named.Remove(name, out string? text) ? text : numbers.TryDequeue(out text) ? text : null;

        private int Integer(string name, string text, int least) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least
                ? number
                : throw new ConfigurationException($"{layer}: its {name} \"{text}\" must be a whole number of at least {least}.");

        private ConfigurationException Missing(string name) =>
            new($"{layer}: its {name} is missing{(words.Count > 0 ? $"; \"{words[0]}\" is none" : "")}.");
    }

    private sealed class TextWriter(string kind) : LayerWriter
    {
        private bool named;

        public string Text { get; private set; } = kind;

        public override void Integer(string name, int value) => Add(name, value.ToString(CultureInfo.InvariantCulture));

        public override void Pair(string name, (int Height, int Width) value, (int Height, int Width)? fallback = null)
        {
            // A field that is left out makes the ones behind it need their names.
            if (value == fallback)
                named = true;
            else
                Add(name, value.Height == value.Width ? $"{value.Height}" : $"{value.Height}x{value.Width}");
        }

        public override void Number(string name, double value) => Add(name, value.ToString("R", CultureInfo.InvariantCulture));

        public override void Flag(string name, bool value) => Text += value ? $" {name}" : "";

        public override void Activation(Activation value, string name = "activation") =>
            Text += value == Networks.Activation.Identity ? "" : $" {Spelling.Of(value)}";

        public override void Layers(string name, IReadOnlyList<Layer>? layers) => Text += layers is null ? "" : $" ({Of(layers)})";

        private void Add(string name, string value) => Text += named ? $" {name}={value}" : $" {value}";
    }
}

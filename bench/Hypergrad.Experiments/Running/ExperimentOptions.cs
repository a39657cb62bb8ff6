using System.CommandLine;

namespace Hypergrad.Experiments.Running;

/// <summary>The options that every experiment has.</summary>
internal sealed class ExperimentOptions
{
    private readonly Option<bool> full = new("--full") { Description = "The source's size, instead of a minute or two." };
    private readonly Option<bool> tiny = new("--tiny") { Description = "Seconds: only to see that it runs." };

    private readonly Option<ulong> seed = new("--seed")
    {
        Description = "The seed of data, initial weights, minibatches and random search.",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<string> output = new("--out")
    {
        Description = "The folder for the pages.",
        DefaultValueFactory = _ => Path.Combine("artifacts", "experiments"),
    };

    private readonly Option<string?> data = new("--data")
    {
        Description = "A folder of IDX files such as MNIST's; generated digits without it.",
    };

    private readonly Option<string?> alphabets = new("--alphabets")
    {
        Description = "A folder of alphabets such as Omniglot's, with a folder of pictures for each character; generated without it.",
    };

    private readonly Option<string?> markdown = new("--markdown")
    {
        Description = "A folder that also gets a short Markdown page and the pictures as SVG files.",
    };

    /// <summary>Gives those that say where pages go to a command that runs nothing.</summary>
    public void AddPlacesTo(Command command)
    {
        command.Add(output);
        command.Add(markdown);
    }

    /// <summary>Gives them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { full, tiny, seed, output, data, alphabets, markdown })
            command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(full) && result.GetValue(tiny))
                result.AddError("--full and --tiny exclude each other; give one of them.");
        });
    }

    /// <summary>What the experiment works with.</summary>
    public Laboratory Read(ParseResult parsed, TextWriter progress) => new(
        parsed.GetValue(full) ? Size.Full : parsed.GetValue(tiny) ? Size.Tiny : Size.Quick, parsed.GetValue(seed), parsed.GetValue(data),
        progress)
    {
        AlphabetFolder = parsed.GetValue(alphabets),
    };

    /// <summary>Where pages go, and Markdown where it is asked for.</summary>
    public (string Pages, string? Markdown) Places(ParseResult parsed) => (parsed.GetValue(output)!, parsed.GetValue(markdown));
}

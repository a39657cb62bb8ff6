using System.CommandLine;
using System.CommandLine.Parsing;
using Hypergrad.Backends;
using Hypergrad.Backends.Managed;
using Hypergrad.Backends.Native;
using Hypergrad.Hypergradients;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Options;

/// <summary>How and where hypergradients are computed.</summary>
internal sealed class ComputeOptions(string defaultPrecision)
{
    private static readonly Dictionary<string, Func<HypergradientMethod>> Methods = new()
    {
        ["reversible"] = () => new ReversibleMethod(),
        ["checkpointed"] = () => new CheckpointedMethod(),
        ["stored"] = () => new StoredMethod(),
        ["drmad"] = () => new DrMadMethod(),
    };

    private readonly Option<string> method = new("--method")
    {
        Description = "reversible (exact), checkpointed (exact), stored (exact), drmad (approximate)",
        DefaultValueFactory = _ => "reversible",
        CompletionSources = { Methods.Keys.ToArray() },
    };

    private readonly Option<int?> snapshots = new("--snapshots")
    {
        CustomParser = argument => StrictNumber.Whole<int>(argument),
        Description = "checkpointed: how many states are kept; by default about √steps",
    };

    private readonly Option<long?> memoryBudget = new("--memory-budget")
    {
        CustomParser = argument => StrictNumber.Whole<long>(argument),
        Description = "checkpointed: memory for states kept, in bytes, instead of --snapshots; reversible: memory for what the way back "
            + "need not evaluate again, in bytes: faster, to the same bits",
    };

    private readonly Option<int?> reverseSteps = new("--reverse-steps")
    {
        CustomParser = argument => StrictNumber.Whole<int>(argument),
        Description = "drmad: how many reverse steps; by default as many as training steps",
    };

    private readonly Option<int?> knots = new("--knots")
    {
        CustomParser = argument => StrictNumber.Whole<int>(argument),
        Description = "drmad: how many states the line goes through; by default 2",
    };

    private readonly Option<bool> compare = new("--compare")
    {
        Description = "drmad: also compute the exact hypergradient, and report how far off this one is",
    };

    private readonly Option<string> precision = new("--precision")
    {
        Description = "single, double",
        DefaultValueFactory = _ => defaultPrecision,
        CompletionSources = { Choice.Names<Precision>().Keys.ToArray() },
    };

    private readonly Option<string> backend = new("--backend")
    {
        Description = "auto (cuda where there is a usable device, else managed), managed, native-host, cuda",
        DefaultValueFactory = _ => "auto",
        CompletionSources = { Backends.Backend.Names.ToArray() },
    };

    private readonly Option<int?> device = new("--device")
    {
        CustomParser = argument => StrictNumber.Whole<int>(argument),
        Description = "cuda: the number of the device, as doctor has it; by default the first that can be used",
    };

    private static readonly Dictionary<string, Tf32Use> Tf32Uses = new()
    {
        ["everywhere"] = Tf32Use.Everywhere,
        ["tangent"] = Tf32Use.Tangents,
    };

    private readonly Option<string?> tf32 = new("--tf32")
    {
        Description = "cuda in single precision: multiply matrices in TF32, faster and with 10 bits of mantissa in place of 23: everywhere "
            + "(also where no more is said), or in the tangent alone, so that training is exact to the bit and the hypergradient rounded",
        HelpName = "everywhere|tangent",
        Arity = ArgumentArity.ZeroOrOne,
        CustomParser = UseOf,
        CompletionSources = { Tf32Uses.Keys.ToArray() },
    };

    // What is written behind the option is its value, also where it is the file that the command is about.
    private static string? UseOf(ArgumentResult argument)
    {
        string? use = argument.Tokens.Count > 0 ? argument.Tokens[0].Value : null;
        if (use is not null && !Tf32Uses.ContainsKey(use) && File.Exists(use))
            argument.AddError($"--tf32 takes the file {Quoted.Of(use)} for its value; write the file before it, or --tf32 everywhere.");
        return use;
    }

    private readonly Option<int?> threads = new("--threads")
    {
        CustomParser = argument => StrictNumber.Whole<int>(argument),
        Description = "managed: how many threads; by default as many as there are processors",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { method, snapshots, memoryBudget, reverseSteps, knots, compare })
            command.Options.Add(option);
        AddTrainingTo(command);
    }

    /// <summary>Adds the options of a training alone: how precisely and where.</summary>
    public void AddTrainingTo(Command command)
    {
        foreach (var option in new Option[] { precision, backend, device, tf32, threads })
            command.Options.Add(option);
    }

    /// <summary>The method asked for.</summary>
    /// <exception cref="UsageException">An unknown name, or an option of another method.</exception>
    public HypergradientMethod Method(ParseResult parsed)
    {
        var chosen = Choice.Of("--method", parsed.GetValue(method)!, Methods)();
        if (chosen is not CheckpointedMethod)
            Refuse(parsed, "checkpointed", snapshots);
        if (chosen is not (CheckpointedMethod or ReversibleMethod))
            Refuse(parsed, "checkpointed or reversible", memoryBudget);
        if (chosen is not DrMadMethod)
            Refuse(parsed, "drmad", reverseSteps, knots);
        if (parsed.GetValue(snapshots) is not null && parsed.GetValue(memoryBudget) is not null)
            throw new UsageException("--snapshots and --memory-budget say the same thing twice; give one of them.");
        return chosen switch
        {
            CheckpointedMethod checkpointed =>
                checkpointed with { Snapshots = parsed.GetValue(snapshots), MemoryBudget = parsed.GetValue(memoryBudget) },
            ReversibleMethod reversible => reversible with { MemoryBudget = parsed.GetValue(memoryBudget) },
            DrMadMethod drMad => drMad with { ReverseSteps = parsed.GetValue(reverseSteps), Knots = parsed.GetValue(knots) ?? 2 },
            _ => chosen,
        };
    }

    /// <summary>Whether an approximate method is to be compared with the exact hypergradient.</summary>
    /// <exception cref="UsageException">The method is exact.</exception>
    public bool Compares(ParseResult parsed) => parsed.GetValue(compare) && (!Method(parsed).IsExact
        ? true
        : throw new UsageException("--compare belongs to --method drmad; the other methods are exact."));

    /// <summary>The method asked for, or null where none was.</summary>
    /// <inheritdoc cref="Method"/>
    public HypergradientMethod? MethodIfNamed(ParseResult parsed)
    {
        var chosen = Method(parsed);
        bool isSet = new Option[] { method, memoryBudget }.Any(option => parsed.GetResult(option) is { Implicit: false });
        return isSet ? chosen : null;
    }

    /// <summary>Refuses <c>--compare</c>, for a command that computes no hypergradient.</summary>
    /// <exception cref="UsageException">It was given.</exception>
    public void RefuseComparison(ParseResult parsed)
    {
        if (parsed.GetValue(compare))
            throw new UsageException("--compare computes hypergradients, and this command only predicts what they take; leave it out.");
    }

    /// <summary>Whether a precision was asked for.</summary>
    public bool NamesPrecision(ParseResult parsed) => parsed.GetResult(precision) is { Implicit: false };

    /// <summary>The precision asked for.</summary>
    public Precision Precision(ParseResult parsed) => Choice.Of("--precision", parsed.GetValue(precision)!, Choice.Names<Precision>());

    /// <summary>The backend asked for.</summary>
    /// <exception cref="UsageException">
    /// An unknown name, threads or a device for a backend that has none to choose, or TF32 where there is none.
    /// </exception>
    /// <exception cref="ConfigurationException">The backend is not available here.</exception>
    public IBackend Backend(ParseResult parsed)
    {
        string name = Choice.Of("--backend", parsed.GetValue(backend)!, Backends.Backend.Names.ToDictionary(choice => choice));
        if (parsed.GetValue(device) is not null && name != "cuda")
            throw new UsageException("--device belongs to --backend cuda; choose that, or leave --device out.");
        if (parsed.GetResult(tf32) is not null)
            return WithTf32(parsed, name);
        if (parsed.GetValue(threads) is { } count)
            return name is "auto" or "managed"
                ? new ManagedBackend(count)
                : throw new UsageException("--threads belongs to --backend managed; choose that, or leave --threads out.");
        if (parsed.GetValue(device) is { } number)
            return NativeBackend.OnDevice(number);
        var chosen = Backends.Backend.Find(name);
        if (name == "auto" && (Backends.Backend.WhyNotCuda ?? NativeLibraryStatus.Current.Warning) is { } warning)
            parsed.InvocationConfiguration.Error.WriteLine(
                $"hypergrad: computing with the managed backend; {warning}");
        return chosen;
    }

    // Asked for by name, TF32 is never passed over in silence: where it cannot be had, the user is told.
    private NativeBackend WithTf32(ParseResult parsed, string name)
    {
        var use = parsed.GetValue(tf32) is { } asked ? Choice.Of("--tf32", asked, Tf32Uses) : Tf32Use.Everywhere;
        if (Precision(parsed) != Backends.Precision.Single)
            throw new UsageException("--tf32 belongs to --precision single; add that, or leave --tf32 out.");
        if (name is not ("auto" or "cuda"))
            throw new UsageException("--tf32 belongs to --backend cuda; choose that, or leave --tf32 out.");
        if (parsed.GetValue(threads) is not null)
            throw new UsageException("--tf32 belongs to --backend cuda and --threads to --backend managed; leave one of them out.");
        if (name == "auto" && NativeLibraryStatus.Current.WhyNoCuda is { } trouble)
            throw new UsageException(
                $"--tf32 belongs to --backend cuda, and --backend auto cannot choose that here: {trouble}. Leave --tf32 out.");
        return NativeBackend.OnDevice(parsed.GetValue(device), use);
    }

    private static void Refuse(ParseResult parsed, string owner, params Option[] options)
    {
        foreach (var option in options)
            if (parsed.GetResult(option) is { Implicit: false })
                throw new UsageException($"{option.Name} belongs to --method {owner}; add that, or leave {option.Name} out.");
    }
}

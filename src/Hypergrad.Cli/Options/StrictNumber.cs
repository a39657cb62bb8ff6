using System.CommandLine.Parsing;
using System.Numerics;
using Hypergrad.Wording;

namespace Hypergrad.Cli.Options;

/// <summary>Options whose value is a number: read strictly, whatever the language of the machine (see <see cref="NumberText"/>).</summary>
internal static class StrictNumber
{
    /// <summary>Reads a finite number.</summary>
    public static double Real(ArgumentResult argument)
    {
        string text = argument.Tokens[0].Value;
        if (!NumberText.TryReal(text, out double value))
            Refuse(argument, text, "this is not a finite number; write it as 0.25 or 1e-6");
        return value;
    }

    /// <summary>Reads a whole number within the bounds of its type.</summary>
    public static T Whole<T>(ArgumentResult argument) where T : struct, IBinaryInteger<T>, IMinMaxValue<T>
    {
        string text = argument.Tokens[0].Value;
        if (!NumberText.TryWhole(text, out T value))
            Refuse(argument, text, $"write a whole number from {T.MinValue} to {T.MaxValue}, in digits");
        return value;
    }

    private static void Refuse(ArgumentResult argument, string text, string otherwise)
    {
        string option = argument.Parent is OptionResult given ? given.Option.Name : argument.Argument.Name;
        argument.AddError($"{option} {Quoted.Name(text)}: {NumberText.Advice(text) ?? otherwise}.");
    }
}

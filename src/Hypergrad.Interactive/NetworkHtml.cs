using Hypergrad.Networks;

namespace Hypergrad.Interactive;

/// <summary>A network: its layers, the shape of what each gives, how many weights it has.</summary>
internal static class NetworkHtml
{
    public static string Of(Network network)
    {
        var table = new HtmlTable($"{network.Input} → {network.OutputShape}, loss {network.Loss}, "
            + $"{HtmlTable.Count(network.ParameterCount)} weights", "#", "layer", "output", "#weights");
        foreach (var (i, layer) in network.Summary.Index())
            table.Row($"{i + 1}", layer.Layer.ToString(), layer.Output.ToString(), HtmlTable.Count(layer.ParameterCount));
        return table.ToString();
    }
}

using System.Text.Json.Serialization;

namespace Hypergrad.Cli.Output;

/// <summary>How <see cref="ReportContent"/> becomes JSON and back; generated, so that it needs no reflection.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ReportContent))]
internal sealed partial class ReportJson : JsonSerializerContext;

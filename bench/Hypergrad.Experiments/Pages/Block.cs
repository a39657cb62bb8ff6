using System.Text.Json.Serialization;

namespace Hypergrad.Experiments.Pages;

/// <summary>A part of a page.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Caption">How it is read; may be empty.</param>
[JsonDerivedType(typeof(Chart), "chart")]
[JsonDerivedType(typeof(FieldPicture), "field")]
[JsonDerivedType(typeof(ImageGrid), "images")]
[JsonDerivedType(typeof(FigureTable), "table")]
internal abstract record Block(string Title, string Caption);

/// <summary>A picture, drawn for the width that it is shown in.</summary>
internal abstract record Picture(string Title, string Caption) : Block(Title, Caption)
{
    /// <summary>The picture as an SVG element whose colours are the style sheet's.</summary>
    public abstract string Draw(PictureWidth width);
}

/// <summary>A table of figures.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Caption">How it is read.</param>
/// <param name="Columns">The heads of the columns; the first names the rows.</param>
/// <param name="Rows">One text for each column.</param>
internal sealed record FigureTable(string Title, string Caption, IReadOnlyList<string> Columns, IReadOnlyList<string[]> Rows)
    : Block(Title, Caption);

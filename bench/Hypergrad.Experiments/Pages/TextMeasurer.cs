using OxyPlot;

namespace Hypergrad.Experiments.Pages;

/// <summary>
/// Measures text for the layout of charts. Which face a browser has is not known here, so that it counts on a wide one, and no text is cut
/// off. It draws nothing.
/// </summary>
internal sealed class TextMeasurer : RenderContextBase
{
    private const double WidthOfCharacter = 0.62, HeightOfLine = 1.2;

    /// <inheritdoc/>
    public override int ClipCount => 0;

    /// <inheritdoc/>
    public override OxySize MeasureText(string text, string fontFamily, double fontSize, double fontWeight) => string.IsNullOrEmpty(text)
        ? OxySize.Empty
        : new(WidthOfCharacter * fontSize * text.Length, HeightOfLine * fontSize);

    /// <inheritdoc/>
    public override void DrawLine(
        IList<ScreenPoint> points, OxyColor stroke, double thickness, EdgeRenderingMode edgeRenderingMode, double[] dashArray,
        LineJoin lineJoin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void DrawPolygon(
        IList<ScreenPoint> points, OxyColor fill, OxyColor stroke, double thickness, EdgeRenderingMode edgeRenderingMode,
        double[] dashArray, LineJoin lineJoin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void DrawText(
        ScreenPoint p, string text, OxyColor fill, string fontFamily, double fontSize, double fontWeight, double rotation,
        HorizontalAlignment horizontalAlignment, VerticalAlignment verticalAlignment, OxySize? maxSize) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public override void PushClip(OxyRect clippingRectangle) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void PopClip() => throw new NotSupportedException();
}

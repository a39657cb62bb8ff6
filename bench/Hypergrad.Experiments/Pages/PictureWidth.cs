namespace Hypergrad.Experiments.Pages;

/// <summary>Every picture is drawn twice, so that its text keeps its size: the style sheet shows the one that fits.</summary>
internal enum PictureWidth
{
    /// <summary>On pages of 700 pixels and more.</summary>
    Wide,

    /// <summary>On narrower ones.</summary>
    Narrow,
}

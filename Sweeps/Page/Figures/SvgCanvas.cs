using System.Globalization;
using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Sweeps.Page.Figures;

/// <summary>
/// An SVG document that figures draw on. Coordinates are pixels with the origin at the top left. Text is written as text elements, so that
/// it can be searched and edited. Every text that comes from a sweep is escaped; a character that XML does not allow becomes U+FFFD.
/// </summary>
public sealed class SvgCanvas
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly XElement root;

    /// <param name="width">In pixels.</param>
    /// <param name="height">In pixels.</param>
    /// <param name="title">What the figure shows, read aloud by screen readers.</param>
    public SvgCanvas(int width, int height, string title)
    {
        (Width, Height) = (width, height);
        root = new XElement(Svg + "svg",
            new XAttribute("viewBox", $"0 0 {width} {height}"), new XAttribute("width", width), new XAttribute("height", height),
            new XAttribute("font-family", "system-ui, sans-serif"), new XAttribute("font-size", 12), new XAttribute("role", "img"),
            new XElement(Svg + "title", Allowed(title)),
            new XElement(Svg + "rect", new XAttribute("width", width), new XAttribute("height", height), new XAttribute("fill", Colours.Paper)));
    }

    public int Width { get; }

    public int Height { get; }

    public void Line(double x1, double y1, double x2, double y2, string colour, double width = 1) => root.Add(new XElement(Svg + "line",
        Number("x1", x1), Number("y1", y1), Number("x2", x2), Number("y2", y2), new XAttribute("stroke", colour), Number("stroke-width", width)));

    /// <summary>A line through two or more points. Dashes distinguish lines without colour.</summary>
    public void Path(IEnumerable<(double X, double Y)> points, string colour, double width = 1.5, double opacity = 1, bool dashed = false)
    {
        var path = new XElement(Svg + "path",
            new XAttribute("d", "M" + string.Join('L', points.Select(point => $"{Text(point.X)} {Text(point.Y)}"))),
            new XAttribute("fill", "none"), new XAttribute("stroke", colour), Number("stroke-width", width));
        if (opacity < 1)
            path.Add(Number("stroke-opacity", opacity));
        if (dashed)
            path.Add(new XAttribute("stroke-dasharray", "5 3"));
        root.Add(path);
    }

    /// <summary>A disc. A browser shows <paramref name="tip"/> while the pointer is over it.</summary>
    public void Circle(double x, double y, double radius, string colour, double opacity, string? tip = null)
    {
        var circle = new XElement(Svg + "circle", Number("cx", x), Number("cy", y), Number("r", radius), new XAttribute("fill", colour), Number("fill-opacity", opacity));
        if (tip is not null)
            circle.Add(new XElement(Svg + "title", Allowed(tip)));
        root.Add(circle);
    }

    public void Rectangle(double x, double y, double width, double height, string colour) => root.Add(new XElement(Svg + "rect",
        Number("x", x), Number("y", y), Number("width", width), Number("height", height), new XAttribute("fill", colour)));

    /// <summary>The bytes of a PNG image, embedded in the document.</summary>
    public void Image(double x, double y, double width, double height, byte[] png) => root.Add(new XElement(Svg + "image",
        Number("x", x), Number("y", y), Number("width", width), Number("height", height), new XAttribute("style", "image-rendering: pixelated"),
        new XAttribute("href", "data:image/png;base64," + Convert.ToBase64String(png))));

    /// <summary>
    /// A line of text with its <paramref name="anchor"/> (<c>start</c>, <c>middle</c> or <c>end</c>) at (x, y). If
    /// <paramref name="turned"/>, it reads upwards. A <paramref name="halo"/> keeps it readable over lines.
    /// </summary>
    public void Write(double x, double y, string text, string anchor = "start", string colour = Colours.Ink, double size = 12, bool turned = false, bool halo = false)
    {
        var element = new XElement(Svg + "text", Number("x", x), Number("y", y), new XAttribute("fill", colour), Allowed(text));
        if (anchor != "start")
            element.Add(new XAttribute("text-anchor", anchor));
        if (size != 12)
            element.Add(Number("font-size", size));
        if (halo)
            element.Add(new XAttribute("paint-order", "stroke"), new XAttribute("stroke", Colours.Paper), new XAttribute("stroke-width", 4), new XAttribute("stroke-linejoin", "round"));
        if (turned)
            element.Add(new XAttribute("transform", $"rotate(-90 {Text(x)} {Text(y)})"));
        root.Add(element);
    }

    /// <summary>The document as text. The same calls give the same text.</summary>
    public override string ToString() => root.ToString(SaveOptions.None).ReplaceLineEndings("\n") + "\n";

    // The XML writer throws for other control characters than tab and line breaks, and for half of a surrogate pair.
    private static string Allowed(string text)
    {
        var allowed = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            allowed.Append(rune.IsBmp && !XmlConvert.IsXmlChar((char)rune.Value) ? "\uFFFD" : rune.ToString());
        return allowed.ToString();
    }

    private static XAttribute Number(string name, double value) => new(name, Text(value));

    private static string Text(double value) => Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);
}

/// <summary>
/// The colours of figures. The eight colours of Okabe and Ito can be distinguished with every common kind of colour blindness.
/// </summary>
public static class Colours
{
    public const string Paper = "#ffffff", Ink = "#24292f", Faint = "#d8dee4", Dim = "#57606a";

    private static readonly string[] Categories = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000", "#f0e442"];

    private static readonly (double R, double G, double B)[] Viridis =
    [
        (68, 1, 84), (72, 40, 120), (62, 74, 137), (49, 104, 142), (38, 130, 142), (31, 158, 137), (53, 183, 121), (109, 205, 89), (180, 222, 44), (253, 231, 37),
    ];

    /// <summary>The colour of category <paramref name="index"/>, repeating after eight.</summary>
    public static string Category(int index) => Categories[index % Categories.Length];

    /// <summary>The colour of a number in [0, 1] on the viridis scale: dark for 0, yellow for 1.</summary>
    public static string Scale(double share)
    {
        var place = Math.Clamp(share, 0, 1) * (Viridis.Length - 1);
        var (low, part) = (Math.Min((int)place, Viridis.Length - 2), place - Math.Min((int)place, Viridis.Length - 2));
        var (a, b) = (Viridis[low], Viridis[low + 1]);
        return string.Create(CultureInfo.InvariantCulture, $"#{Mix(a.R, b.R):x2}{Mix(a.G, b.G):x2}{Mix(a.B, b.B):x2}");

        int Mix(double from, double to) => (int)Math.Round(from + part * (to - from));
    }
}

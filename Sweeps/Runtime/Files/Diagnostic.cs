namespace Sweeps.Files;

/// <summary>A mistake or a warning about a sweep file.</summary>
/// <param name="Location">Where, or null when it is about the whole file.</param>
/// <param name="Message">What is wrong, the value received, what was expected, what to do.</param>
public sealed record Diagnostic(SourceLocation? Location, string Message)
{
    /// <summary><c>sweep.yaml:3:7: message</c></summary>
    public string At(string file) => Location is { } place ? $"{file}:{place.Line}:{place.Column}: {Message}" : $"{file}: {Message}";
}

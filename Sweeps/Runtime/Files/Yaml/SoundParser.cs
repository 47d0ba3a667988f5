using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Sweeps.Files.Yaml;

/// <summary>YamlDotNet's parser, whose scanner answers some malformed texts with exceptions that are no <see cref="YamlException"/>.</summary>
internal sealed class SoundParser(TextReader text) : IParser
{
    private readonly Parser inner = new(text);

    public ParsingEvent? Current => inner.Current;

    public bool MoveNext()
    {
        try
        {
            return inner.MoveNext();
        }
        catch (Exception unsound) when (unsound is InvalidOperationException or ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            var mark = inner.Current?.End ?? Mark.Empty;
            throw new YamlException(mark, mark, "it cannot be understood after this place", unsound);
        }
    }
}

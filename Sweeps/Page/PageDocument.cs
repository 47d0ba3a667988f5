using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Sweeps.Page;

/// <summary>
/// The page as one HTML document. Markup, style sheet and script are embedded resources. The Content-Security-Policy contains the hashes of
/// the script and the style sheet, so that a browser runs no other script. The server sends the document without data; a report contains
/// its data.
/// </summary>
public static partial class PageDocument
{
    private static readonly Lazy<string> Style = new(() => Read("page.css"));
    private static readonly Lazy<string> Script = new(Bundle);

    /// <summary>The Content-Security-Policy of the served page: it can connect only to its own origin.</summary>
    public static string ServedPolicy => Policy("connect-src 'self'");

    /// <summary>The document that a server sends, without data.</summary>
    /// <param name="token">
    /// The token for steering, if every user who can load the page may steer; else null, and the token must be in the address.
    /// </param>
    public static string Served(string? token = null) => Build(ServedPolicy, token is null ? "" : $"<meta name=\"sweep-token\" content=\"{token}\">", "");

    /// <summary>The document with the data of sweeps. It needs no network.</summary>
    /// <param name="blocks">The blocks of the sweeps' columns, in the order in which the page offers them.</param>
    /// <param name="extras">A JSON object with the answers that a server computes on request: analyses, replays and the model.</param>
    public static string Report(IEnumerable<byte[]> blocks, byte[] extras)
    {
        var data = new StringBuilder();
        foreach (var block in blocks)
            Add("block", block);
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.SmallestSize, leaveOpen: true))
            gzip.Write(extras);
        Add("extras", compressed.ToArray());
        return Build(Policy("connect-src 'none'"), "", data.ToString());

        // A browser does not run or show a script element of an unknown type. Base64 has no '<', so the data cannot end the element.
        void Add(string kind, byte[] bytes) => data.Append("<script type=\"application/x-sweep-").Append(kind).Append("\">").Append(Convert.ToBase64String(bytes)).Append("</script>\n");
    }

    private static string Policy(string connect) =>
        $"default-src 'none'; script-src '{Hash(Script.Value)}'; style-src '{Hash(Style.Value)}'; img-src data: blob:; worker-src blob:; {connect}; base-uri 'none'; form-action 'none'";

    private static string Build(string policy, string meta, string data) => Slot().Replace(Read("page.html"), slot => slot.Value switch
    {
        "<!--policy-->" => $"<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">{meta}",
        "<!--style-->" => $"<style>{Style.Value}</style>",
        "<!--data-->" => data,
        _ => $"<script type=\"module\">{Script.Value}</script>",
    });

    private static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";

    /// <summary>
    /// All modules as one script, each module after its imports. The modules export and import without aliases, so the method only removes
    /// import statements and the word export. Top-level names of all modules must differ; a test asserts it.
    /// </summary>
    private static string Bundle()
    {
        var (script, done) = (new StringBuilder(), new HashSet<string>());
        Add("main.js");
        return script.ToString();

        void Add(string module)
        {
            if (!done.Add(module))
                return;
            var text = Read(module);
            var folder = module.Contains('/', StringComparison.Ordinal) ? module[..(module.LastIndexOf('/') + 1)] : "";
            foreach (Match import in Import().Matches(text))
                Add(Resolve(folder, import.Groups[1].Value));
            script.Append(Export().Replace(Import().Replace(text, ""), ""));
        }
    }

    private static string Resolve(string folder, string path) =>
        path.StartsWith("../", StringComparison.Ordinal) ? path[3..] : folder + path[2..];

    private static string Read(string file)
    {
        using var stream = typeof(PageDocument).Assembly.GetManifestResourceStream($"web/{file}")
            ?? throw new InvalidOperationException($"The page has no file '{file}'.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    [GeneratedRegex("<!--(policy|style|data|script)-->")]
    private static partial Regex Slot();

    [GeneratedRegex(@"^import \{[^}]*\} from '([^']+)';\n", RegexOptions.Multiline)]
    private static partial Regex Import();

    [GeneratedRegex(@"^export (?=(async )?(function|class|const|let) )", RegexOptions.Multiline)]
    private static partial Regex Export();
}

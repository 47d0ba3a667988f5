using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Sweeps.Page;

/// <summary>
/// The page as one HTML document: markup, style sheet and script are embedded files, and the policy names the hashes of both, so that a browser runs nothing
/// else. The same document is served and written as a report, which has its data inside.
/// </summary>
public static partial class PageDocument
{
    private static readonly Lazy<string> Style = new(() => Read("page.css"));
    private static readonly Lazy<string> Script = new(Bundle);

    /// <summary>The policy of the served page, which may only call the process that serves it.</summary>
    public static string ServedPolicy => Policy("connect-src 'self'");

    /// <summary>The document that a server sends. It has no data.</summary>
    /// <param name="token">The token for steering, where whoever gets the page may steer; else null.</param>
    public static string Served(string? token = null) => Build(ServedPolicy, token is null ? "" : $"<meta name=\"sweep-token\" content=\"{token}\">", "");

    /// <summary>The document with the data of sweeps inside, which needs no network.</summary>
    /// <param name="blocks">The blocks of the sweeps' columns, in the order in which the page offers them.</param>
    /// <param name="extras">A JSON object: what a server computes when it is asked.</param>
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

        // A script element of an unknown type is data: it is neither run nor shown. Base64 has no character that could end it.
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
    /// All modules as one script, each after those that it imports. The modules export functions and classes by their own names, so that joining them means
    /// to leave out the words import and export; names of all modules differ (a test asserts it).
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

using System.Text;

namespace Engine.Data;

/// <summary>Splits one line of a CSV file into its fields (RFC 4180, without line breaks inside fields).</summary>
internal static class CsvLine
{
    /// <summary>Replaces the content of <paramref name="fields"/>.</summary>
    public static void Split(string line, List<string> fields, string file, int number)
    {
        fields.Clear();
        for (var at = 0; at <= line.Length;)
        {
            if (at < line.Length && line[at] == '"')
            {
                fields.Add(Quoted(line, ref at, file, number));
                continue;
            }

            var comma = line.IndexOf(',', at);
            var end = comma < 0 ? line.Length : comma;
            fields.Add(line[at..end]);
            at = end + 1;
        }
    }

    private static string Quoted(string line, ref int at, string file, int number)
    {
        var field = new StringBuilder();
        for (var i = at + 1; i < line.Length; i++)
        {
            if (line[i] != '"')
            {
                field.Append(line[i]);
            }
            else if (i + 1 < line.Length && line[i + 1] == '"')
            {
                field.Append(line[i++]);
            }
            else if (i + 1 == line.Length || line[i + 1] == ',')
            {
                at = i + 2;
                return field.ToString();
            }
            else
            {
                throw new DataFileException(file, $"line {number}, character {i + 2}", $"'{line[i + 1]}' after a closing quote", "a comma or the end of the line");
            }
        }

        throw new DataFileException(file, $"line {number}, character {at + 1}", "a quote that is not closed", "a closing quote on the same line");
    }
}

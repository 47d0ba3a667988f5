using Engine.Data;
using Tests.Shared;

namespace Engine.Tests.Data;

public sealed class TableDatasetTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_table_with_a_named_label_column_is_a_data_set()
    {
        File.WriteAllText(folder["train.csv"], "length,\"kind, or so\",width\n1.5,owl,-2e1\n3,\"a \"\"cat\"\"\",0.25\n\n");
        File.WriteAllText(folder["test.csv"], "length,\"kind, or so\",width\r\n7,owl,8\r\n");
        var data = new DatasetCatalog().Load($"csv:{folder["train.csv"]},{folder["test.csv"]}#kind, or so", new DataOptions());

        Assert.Equal((1, 2, 1), (data.Height, data.Width, data.Channels));
        Assert.Equal(["a \"cat\"", "owl"], data.Output.Names);
        Assert.Equal([1.5f, -20f, 3f, 0.25f], data.Train.Floats!);
        Assert.Equal([1, 0], data.Train.Labels);
        Assert.Equal([7f, 8f], data.Test.Floats!);
    }

    [Fact]
    public void Whole_numbers_as_labels_are_in_numerical_order()
    {
        File.WriteAllText(folder["t.csv"], "x,label\n1,10\n2,9\n3,10\n");
        Assert.Equal(["9", "10"], new DatasetCatalog().Load($"csv:{folder["t.csv"]}", new DataOptions()).Output.Names);
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("x,label\n", "line 2")]
    [InlineData("x,y\n1,2\n", "line 1")]
    [InlineData("x,x,label\n1,2,3\n", "line 1")]
    [InlineData("label\na\n", "line 1")]
    [InlineData("x,label\n1,a\n2\n", "line 3")]
    [InlineData("x,label\n1,a\nabc,b\n", "line 3, column 1 'x'")]
    [InlineData("x,label\nNaN,a\n", "line 2, column 1 'x'")]
    [InlineData("x,label\n∞,a\n1,b\n2\n", "line 4")]
    [InlineData("x,label\n1, \n", "line 2, column 'label'")]
    [InlineData("x,label\n1,a\n\n2,b\n", "line 3")]
    [InlineData("x,label\n1,\"a\n", "line 2, column 'label'")]
    [InlineData("x,label\n1,\"a\"b\n", "line 2, column 'label'")]
    public void A_broken_table_is_refused_with_its_place(string content, string place)
    {
        File.WriteAllText(folder["t.csv"], content);
        var error = Assert.Throws<DataFileException>(() => new DatasetCatalog().Load($"csv:{folder["t.csv"]}", new DataOptions()));
        Assert.Equal((folder["t.csv"], place), (error.File, error.Position));
    }

    [Fact]
    public void A_test_table_has_the_same_columns_in_any_order_and_the_same_labels()
    {
        File.WriteAllText(folder["t.csv"], "x,y,label\n1,2,a\n");
        File.WriteAllText(folder["order.csv"], "label,y,id,x\na,7,99,8\n");
        File.WriteAllText(folder["columns.csv"], "z,x,label\n1,1,a\n");
        File.WriteAllText(folder["labels.csv"], "x,y,label\n1,1,a\n1,1,b\n");
        Assert.Equal([8f, 7f], Load($"csv:{folder["t.csv"]},{folder["order.csv"]}").Test.Floats!);
        Assert.Equal("a column 'y', as the network was trained with", Refused("columns.csv").Expected);
        Assert.Equal("line 3, column 'label'", Refused("labels.csv").Position);

        DataFileException Refused(string test) => Assert.Throws<DataFileException>(() => Load($"csv:{folder["t.csv"]},{folder[test]}"));
    }

    [Theory]
    [InlineData("a;b;label\n1;2;x\n", "")]
    [InlineData("a\tb\tlabel\n1\t2\tx\n", "")]
    [InlineData("a|b|label\n1|2|x\n", "?delimiter=%7C#label")]
    [InlineData("1;2;x\n", "?header=false#3")]
    [InlineData("a,b,note,label\n1,2,\"two\nlines, and a \"\"quote\"\"\",x\n", "?ignore=note#label")]
    public void Files_are_read_as_people_write_them(string content, string options)
    {
        File.WriteAllText(folder["t.csv"], content);
        var data = Load($"csv:{folder["t.csv"]}{options}");

        Assert.Equal([1f, 2f], data.Train.Floats!);
        Assert.Equal(["x"], data.Output.Names);
    }

    [Fact]
    public void Texts_are_one_hot_by_the_training_part()
    {
        File.WriteAllText(folder["t.csv"], "color,zip,x,label\nred,10,1,a\nblue,20,2,b\nred,10,3,a\n");
        File.WriteAllText(folder["test.csv"], "color,zip,x,label\ngreen,20,4,a\n");
        var data = Load($"csv:{folder["t.csv"]},{folder["test.csv"]}?text=zip#label");

        Assert.Equal(["color=blue", "color=red", "zip=10", "zip=20", "x"], data.Encoding!.FeatureNames);
        Assert.Equal([0, 1, 1, 0, 1, 1, 0, 0, 1, 2, 0, 1, 1, 0, 3], data.Train.Floats!);
        Assert.Equal([0, 0, 0, 1, 4], data.Test.Floats!);
    }

    [Fact]
    public void Missing_values_are_refused_replaced_by_the_mean_or_dropped_as_said()
    {
        File.WriteAllText(folder["t.csv"], "x,color,label\n1,red,a\n,red,b\nNA,?,a\n5,blue,\n");
        File.WriteAllText(folder["test.csv"], "x,color,label\nnan,blue,a\n");
        Assert.Equal(("line 3, column 1 'x'", "'', no value"), Load($"csv:{folder["t.csv"]}", error => (error.Position, error.Found)));
        Assert.Equal("line 5, column 'label'", Load($"csv:{folder["t.csv"]}?missing=mean#label", error => error.Position));
        Assert.Equal([1f, 1f], Load($"csv:{folder["t.csv"]}?missing=drop#label").Train.Floats!);
        File.WriteAllText(folder["quoted.csv"], "x,color,label\n1,red,a\n\"\",red,b\n2,\"NA\",b\n3,red,\"\"\n");
        Assert.Equal([1f, 1f], Load($"csv:{folder["quoted.csv"]}?missing=drop#label").Train.Floats!);

        File.WriteAllText(folder["t.csv"], "x,color,label\n1,red,a\n,red,b\n4,?,a\n");
        var data = Load($"csv:{folder["t.csv"]},{folder["test.csv"]}?missing=mean#label");
        Assert.Equal([1, 1, 2.5f, 1, 4, 0], data.Train.Floats!);
        Assert.Equal([2.5f, 0], data.Test.Floats!);
    }

    [Fact]
    public void Pixels_in_columns_are_images_of_bytes()
    {
        File.WriteAllText(folder["t.csv"], "label,a,b,c,d\n0,0,1,2,255\n1,4,5,6,7\n");
        var data = Load($"csv:{folder["t.csv"]}?shape=2,2,1#label");

        Assert.Equal((2, 2, 1), (data.Height, data.Width, data.Channels));
        Assert.Equal([0, 1, 2, 255, 4, 5, 6, 7], data.Train.Bytes!);
        Assert.Contains("2 × 3 × 1 = 6", Load($"csv:{folder["t.csv"]}?shape=2,3#label", error => error.Expected), StringComparison.Ordinal);

        File.WriteAllText(folder["t.csv"], "label,a,b,c,d\n0,0,1,2,black\n1,4,5,6,7\n");
        Assert.Equal("line 2, column 5 'd'", Load($"csv:{folder["t.csv"]}?shape=2,2,1#label", error => error.Position));

        File.WriteAllText(folder["t.csv"], "label,a,b,c,d\n0,0,1,2,255\n1,4,5,6,0.5\n");
        Assert.Equal([0, 1, 2, 255, 4, 5, 6, 0.5f], Load($"csv:{folder["t.csv"]}?shape=2,2,1#label").Train.Floats!);
    }

    [Fact]
    public void Columns_of_numbers_or_of_labels_are_predicted_when_said()
    {
        File.WriteAllText(folder["t.csv"], "x,price,rent,warm,wet\n1,100.5,7,1,0\n2,200,8,true,1\n");
        var numbers = Load($"csv:{folder["t.csv"]}?target=price,rent&ignore=warm,wet");
        var labels = Load($"csv:{folder["t.csv"]}?labels=warm,wet&ignore=price,rent");

        Assert.Equal((LearningTask.Regression, "price rent"), (numbers.Output.Task, string.Join(' ', numbers.Output.Names)));
        Assert.Equal([100.5f, 7, 200, 8], numbers.Train.Targets!);
        Assert.Equal([1f, 2f], numbers.Train.Floats!);
        Assert.Equal((LearningTask.MultiLabel, 2), (labels.Output.Task, labels.Output.Count));
        Assert.Equal([1f, 0, 1, 1], labels.Train.Targets!);
        Assert.Contains("1 or 0", Load($"csv:{folder["t.csv"]}?labels=warm,rent", error => error.Expected), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_delimiter_is_read_or_refused()
    {
        var read = 0;
        for (var delimiter = '\0'; delimiter < '\u0100'; delimiter++)
        {
            File.WriteAllText(folder["t.csv"], $"x{delimiter}label\n1{delimiter}a\n");
            var error = Record.Exception(() => Load($"csv:{folder["t.csv"]}?delimiter={Uri.EscapeDataString(delimiter.ToString())}#label"));
            Assert.True(error is null or DatasetNotFoundException or DataFileException, $"Delimiter {(int)delimiter}: {error}");
            read += error is null ? 1 : 0;
        }
        Assert.InRange(read, 20, 96);
    }

    [Fact]
    public void A_quote_that_is_not_closed_in_a_large_file_is_refused()
    {
        File.WriteAllText(folder["t.csv"], "x,label\n1,\"a\n" + string.Concat(Enumerable.Repeat("1,aaaaaaaaaaaaaaaaaaaaaaaaaaaa\n", 600_000)));

        Assert.Contains("double quote", Load($"csv:{folder["t.csv"]}", error => error.Expected), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("?missing=median#label", "'missing' is 'median'")]
    [InlineData("?colour=red#label", "has no option 'colour'")]
    [InlineData("?target=x#label", "not two of them")]
    [InlineData("?shape=0,2#label", "'0' is no size")]
    public void Wrong_options_are_refused(string options, string message)
    {
        File.WriteAllText(folder["t.csv"], "x,label\n1,a\n");
        Assert.Contains(message, Assert.Throws<DatasetNotFoundException>(() => Load($"csv:{folder["t.csv"]}{options}")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("csv:a b.csv,c.csv?delimiter=%3B&target=p%2Cq,r", "csv:/d/a b.csv,/d/c.csv?delimiter=%3B&target=p%2Cq,r")]
    [InlineData("csv:a.csv", "csv:/d/a.csv#label")]
    [InlineData("csv:a.csv?missing=drop#kind, or so", "csv:/d/a.csv?missing=drop#kind, or so")]
    [InlineData("npz:x.npz", "npz:/d/x.npz")]
    [InlineData("images:/abs?size=32", "images:/abs?size=32")]
    [InlineData("features:m.npz@idx:f", "features:/d/m.npz@idx:/d/f")]
    [InlineData("glyphs", "glyphs")]
    public void Names_keep_their_options_when_their_files_are_rooted(string name, string rooted) => Assert.Equal(rooted, DatasetCatalog.Rooted(name, "/d"));

    private static Dataset Load(string name) => new DatasetCatalog().Load(name, new DataOptions());

    private static T Load<T>(string name, Func<DataFileException, T> of) => of(Assert.Throws<DataFileException>(() => Load(name)));
}

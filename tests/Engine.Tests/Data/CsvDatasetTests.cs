using Engine.Data;
using Tests.Shared;

namespace Engine.Tests.Data;

public sealed class CsvDatasetTests : IDisposable
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
    [InlineData("x,label\n1, \n", "line 2, column 'label'")]
    [InlineData("x,label\n1,a\n\n2,b\n", "line 3")]
    [InlineData("x,label\n1,\"a\n", "line 2, character 3")]
    [InlineData("x,label\n1,\"a\"b\n", "line 2, character 6")]
    public void A_broken_table_is_refused_with_its_place(string content, string place)
    {
        File.WriteAllText(folder["t.csv"], content);
        var error = Assert.Throws<DataFileException>(() => new DatasetCatalog().Load($"csv:{folder["t.csv"]}", new DataOptions()));
        Assert.Equal((folder["t.csv"], place), (error.File, error.Place));
    }

    [Fact]
    public void A_test_table_with_other_columns_or_labels_is_refused()
    {
        File.WriteAllText(folder["t.csv"], "x,label\n1,a\n");
        File.WriteAllText(folder["columns.csv"], "y,label\n1,a\n");
        File.WriteAllText(folder["labels.csv"], "x,label\n1,a\n1,b\n");
        Assert.Equal("columns y", Refused("columns.csv").Found);
        Assert.Equal("line 3, column 'label'", Refused("labels.csv").Place);

        DataFileException Refused(string test) => Assert.Throws<DataFileException>(() =>
            new DatasetCatalog().Load($"csv:{folder["t.csv"]},{folder[test]}", new DataOptions()));
    }
}

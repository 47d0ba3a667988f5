using Engine.Data;
using Engine.Formats;
using Tests.Shared;

namespace Engine.Tests.Data;

public sealed class DatasetCatalogTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [DataTheory]
    [InlineData("fashion-mnist", 9, 217)]
    [InlineData("mnist", 5, 240)]
    public void A_published_data_set_is_found_in_the_data_folder(string name, byte firstLabel, byte pixel)
    {
        var data = new DatasetCatalog().Load(name, new DataOptions { Folders = [RealData.Folder], Download = false });

        Assert.Equal((60_000, 10_000, 784, 10), (data.Train.Count, data.Test.Count, data.Features, data.Output.Count));
        Assert.Equal(firstLabel, data.Train.Labels[0]);
        Assert.Equal(pixel, data.Train.Bytes![406]);
    }

    [DataFact]
    public void Files_of_another_data_set_are_refused()
    {
        foreach (var file in Directory.GetFiles(Path.Combine(RealData.Folder, "mnist")))
            File.Copy(file, _folder[Path.GetFileName(file)]);

        var error = Assert.Throws<DataFileException>(() =>
            new DatasetCatalog().Load("fashion-mnist", new DataOptions { Folders = [_folder.Path] }));
        Assert.Equal("the labels of mnist", error.Found);
    }

    [Fact]
    public void A_data_set_is_loaded_once_by_many_threads()
    {
        Write(IdxBytes.Images(4), IdxBytes.Labels(0, 1, 2, 1));
        var catalog = new DatasetCatalog();
        var loaded = new Dataset[16];
        var threads = Enumerable.Range(0, loaded.Length)
            .Select(i => new Thread(() => loaded[i] = catalog.Load("idx:" + _folder.Path, new DataOptions()))).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());

        Assert.All(loaded, d => Assert.Same(loaded[0], d));
        Assert.Equal(["0", "1", "2"], loaded[0].Output.Names);
        Assert.Equal(0, loaded[0].Test.Count);
    }

    [Fact]
    public void A_failure_is_not_remembered()
    {
        var catalog = new DatasetCatalog();
        Assert.Throws<DataFileException>(() => catalog.Load("idx:" + _folder.Path, new DataOptions()));

        Write(IdxBytes.Images(2), IdxBytes.Labels(0, 1));
        Assert.Equal(2, catalog.Load("idx:" + _folder.Path, new DataOptions()).Train.Count);
    }

    [Fact]
    public void Counts_that_differ_are_refused_at_the_count()
    {
        Write(IdxBytes.Images(4), IdxBytes.Labels(0, 1, 2));
        var error = Assert.Throws<DataFileException>(() => new DatasetCatalog().Load("idx:" + _folder.Path, new DataOptions()));
        Assert.Equal(("byte 4", "3 labels"), (error.Position, error.Found));
    }

    [Fact]
    public void A_label_out_of_range_is_refused_at_its_byte()
    {
        Write(IdxBytes.Images(3), IdxBytes.Labels(0, 1, 10));
        var error = Assert.Throws<DataFileException>(() => new DatasetCatalog().Load("mnist", new DataOptions { Folders = [_folder.Path] }));
        Assert.Equal(("byte 10", "label 10", "0 to 9"), (error.Position, error.Found, error.Expected));
    }

    [Fact]
    public void Half_a_test_pair_and_test_images_of_another_size_are_refused()
    {
        Write(IdxBytes.Images(2), IdxBytes.Labels(0, 1));
        File.WriteAllBytes(_folder["t10k-images-idx3-ubyte"], IdxBytes.Images(2, 5, 5));
        Assert.Throws<DataFileException>(() => new DatasetCatalog().Load("idx:" + _folder.Path, new DataOptions()));

        File.WriteAllBytes(_folder["t10k-labels-idx1-ubyte"], IdxBytes.Labels(0, 1));
        var error = Assert.Throws<DataFileException>(() => new DatasetCatalog().Load("idx:" + _folder.Path, new DataOptions()));
        Assert.Equal("images of 5×5", error.Found);
    }

    [Fact]
    public void An_explicit_pair_of_files_is_a_data_set()
    {
        Write(IdxBytes.Images(2), IdxBytes.Labels(0, 1));
        var name = $"idx:{_folder["train-images-idx3-ubyte"]},{_folder["train-labels-idx1-ubyte"]}";
        Assert.Equal((2, 3), (new DatasetCatalog().Load(name, new DataOptions()).Height, new DatasetCatalog().Load(name, new DataOptions()).Width));
    }

    [Fact]
    public void An_unknown_name_is_answered_with_the_known_ones()
    {
        var error = Assert.Throws<DatasetNotFoundException>(() => new DatasetCatalog().Load("fashon", new DataOptions()));
        Assert.Contains("fashion-mnist, mnist, glyphs", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_come_from_the_command_then_the_environment_then_the_cache()
    {
        Directory.CreateDirectory(_folder["a"]);
        Directory.CreateDirectory(_folder["b"]);
        var variables = new Dictionary<string, string?> { ["SWEEP_DATA"] = _folder["b"], ["XDG_CACHE_HOME"] = _folder["c"] };
        var options = DataOptions.FromEnvironment(_folder["a"], name => variables.GetValueOrDefault(name));

        Assert.Equal([_folder["a"], _folder["b"]], options.Folders);
        Assert.Equal(Path.Combine(_folder["c"], "sweep", "data"), options.CacheFolder);
        Assert.Throws<DatasetNotFoundException>(() => DataOptions.FromEnvironment(_folder["missing"], _ => null));
    }

    [Theory]
    [InlineData("csv:")]
    [InlineData("csv:#label")]
    [InlineData("csv:a.csv,")]
    [InlineData("npz:")]
    [InlineData("idx:")]
    [InlineData("images:?size=2")]
    public void A_data_set_in_files_needs_their_names(string name)
    {
        var error = Assert.Throws<DatasetNotFoundException>(() => new DatasetCatalog().Load(name, new DataOptions()));

        Assert.Contains("empty file name", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("features:model.npz")]
    [InlineData("features:@glyphs")]
    [InlineData("features:a@b@c")]
    public void Features_need_a_model_and_a_data_set(string name)
    {
        var error = Assert.Throws<DatasetNotFoundException>(() => Datasets.Shared.Load(name, new DataOptions()));

        Assert.Contains("features:best.npz@fashion-mnist", error.Message, StringComparison.Ordinal);
    }

    private void Write(byte[] images, byte[] labels)
    {
        File.WriteAllBytes(_folder["train-images-idx3-ubyte"], images);
        File.WriteAllBytes(_folder["train-labels-idx1-ubyte"], labels);
    }
}

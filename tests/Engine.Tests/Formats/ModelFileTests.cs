using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Engine.Data;
using Engine.Formats;
using Engine.Networks;
using Engine.Training;
using Tests.Shared;

namespace Engine.Tests.Formats;

public sealed class ModelFileTests : IDisposable
{
    private static readonly Dataset Data = Glyphs.Draw(200, 60);

    private readonly TemporaryFolder folder = new();
    private readonly Trainer trainer;

    public ModelFileTests()
    {
        trainer = new Trainer(Data, new TrainingOptions
        {
            Convolutions = [new() { Filters = 4, Stride = 2, Pooling = "max" }, new() { Filters = 6, Activation = "gelu", Pooling = "average", PoolOnlyWhereItFits = true }],
            HiddenSizes = [12, 7],
            Activations = ["tanh", "leaky_relu"],
            Scaling = "zscore",
        }, seed: 3);
        trainer.TrainEpoch(default);
    }

    public void Dispose()
    {
        trainer.Dispose();
        folder.Dispose();
    }

    public static TheoryData<string> Formats => ["model.safetensors", "model.npz"];

    [Fact]
    public void A_damaged_array_of_an_npz_is_refused_by_name()
    {
        using var stream = new MemoryStream();
        Npz.Write(stream, new TensorFile([new Tensor("weight", [4], [1f, 2f, 3f, 4f])], null));
        var content = stream.ToArray();
        content[content.AsSpan().IndexOf<byte>([0, 0, 128, 63, 0, 0, 0, 64])] ^= 1;

        var refused = Assert.Throws<DataFileException>(() => Npz.Read(content, "model.npz"));

        Assert.Contains("model.npz, array 'weight': its checksum differs", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void A_model_read_back_predicts_as_the_one_that_was_saved(string name)
    {
        ModelFile.Save(trainer, folder[name]);
        using var model = ModelFile.Load(folder[name]);

        var expected = trainer.EvaluateTest()!;
        Assert.Equal(expected.Loss, model.Model.Evaluate(Data.Test).Loss);
        Assert.Equal(expected.Predictions, model.Predict(Data.Test));
        Assert.Equal(expected.Accuracy!.Value, model.Report(Data.Test).Accuracy, 12);
        Assert.Equal(Data.Output.Names, model.Output.Names);
        Assert.Equal([Path.GetFileName(folder[name])], Directory.GetFiles(folder.Path).Select(Path.GetFileName));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Written_weights_are_saved_with_their_origin_and_loaded_by_a_trainer(string name)
    {
        var written = new MemoryStream();
        ModelFile.Write(trainer, written);
        ModelFile.Save(written.ToArray(), new JsonObject { ["run"] = 7 }, folder[name]);
        var expected = trainer.EvaluateTest()!;

        using (var model = ModelFile.Load(folder[name]))
            Assert.Equal(expected.Predictions, model.Predict(Data.Test));
        var content = File.ReadAllBytes(folder[name]);
        var metadata = JsonNode.Parse((name.EndsWith("npz", StringComparison.Ordinal) ? Npz.Read(content, name) : Safetensors.Read(content, name)).Metadata!)!;
        Assert.Equal(7, (int)metadata["origin"]!["run"]!);
        Assert.Null(metadata["options"]);

        using var other = new Trainer(Data, trainer.Options, seed: 4);
        ModelFile.LoadWeights(other, written.ToArray());
        Assert.Equal(expected.Loss, other.EvaluateTest()!.Loss);
        Assert.Throws<InvalidDataException>(() => ModelFile.LoadWeights(other, written.ToArray()[..^9]));
    }

    [Fact]
    public void A_file_of_an_older_version_is_read_whatever_else_its_description_says()
    {
        ModelFile.Save(trainer, folder["model.npz"]);
        var file = Npz.Read(File.ReadAllBytes(folder["model.npz"]), "model.npz");
        using (var stream = File.Create(folder["old.npz"]))
            Npz.Write(stream, file with { Metadata = file.Metadata!.Replace("{\"version\":1,", "{\"version\":1,\"options\":{\"optimizer\":\"adam\"},", StringComparison.Ordinal) });

        using var model = ModelFile.Load(folder["old.npz"]);

        Assert.Equal(trainer.EvaluateTest()!.Predictions, model.Predict(Data.Test));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Saving_twice_gives_the_same_bytes(string name)
    {
        ModelFile.Save(trainer, folder[name]);
        var first = File.ReadAllBytes(folder[name]);
        ModelFile.Save(trainer, folder[name]);
        Assert.Equal(first, File.ReadAllBytes(folder[name]));
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_cut_of_the_file_is_refused(string name)
    {
        ModelFile.Save(trainer, folder[name]);
        var whole = File.ReadAllBytes(folder[name]);
        for (var length = 0; length < whole.Length; length += 1 + whole.Length / 40)
        {
            File.WriteAllBytes(folder[name], whole[..length]);
            Assert.Equal(folder[name], Assert.Throws<DataFileException>(() => ModelFile.Load(folder[name])).File);
        }
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}""", "data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "inside those of 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "inside those of 'a'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "another tensor of this name")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[9223372036854775804,-9223372036854775808]}}""", "data_offsets 9223372036854775804 to")]
    public void Tensors_of_safetensors_have_a_place_of_their_own(string header, string message)
    {
        var json = Encoding.UTF8.GetBytes(header);
        byte[] content = [.. BitConverter.GetBytes((long)json.Length), .. json, .. new byte[8]];

        Assert.Contains(message, Assert.Throws<DataFileException>(() => Safetensors.Read(content, "model.safetensors")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_whose_weights_do_not_fit_its_description_is_refused()
    {
        ModelFile.Save(trainer, folder["model.npz"]);
        var file = Npz.Read(File.ReadAllBytes(folder["model.npz"]), "model.npz");
        using (var stream = File.Create(folder["other.npz"]))
            Npz.Write(stream, file with { Metadata = file.Metadata!.Replace("[12,7]", "[12,8]", StringComparison.Ordinal) });

        Assert.Contains("dense2.weight", Assert.Throws<DataFileException>(() => ModelFile.Load(folder["other.npz"])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"convolutions\":[", "\"convolutions\":[null,")]
    [InlineData("\"classes\":[", "\"classes\":[null,")]
    [InlineData("\"input\":[28,28,1]", "\"input\":[65536,65536,1]")]
    [InlineData("\"input\":[28,28,1]", "\"input\":[268435505,16,1]")]
    [InlineData("{\"version\"", "{{\"version\"")]
    public void A_description_that_cannot_be_of_a_model_is_refused(string found, string instead)
    {
        ModelFile.Save(trainer, folder["model.npz"]);
        var file = Npz.Read(File.ReadAllBytes(folder["model.npz"]), "model.npz");
        var damaged = file with { Metadata = file.Metadata!.Replace(found, instead, StringComparison.Ordinal) };
        Assert.NotEqual(file.Metadata, damaged.Metadata);
        using var stream = new MemoryStream();
        Safetensors.Write(stream, damaged);

        Assert.Throws<DataFileException>(() => ModelFile.Read(stream.ToArray(), "model.safetensors"));
    }

    [Fact]
    public void Weights_without_a_readable_description_are_not_saved()
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, new TensorFile([], "no JSON"));

        Assert.Throws<DataFileException>(() => ModelFile.Save(stream.ToArray(), [], folder["model.npz"]));
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void Image_files_are_refused_for_a_model_of_other_channels_and_when_they_do_not_exist()
    {
        var data = new Dataset("bands", 2, 2, 4, ["a", "b"], new Samples(new byte[4 * 16], [0, 1, 0, 1], 16), new Samples(Array.Empty<byte>(), [], 16));
        using (var bands = new Trainer(data, new TrainingOptions { HiddenSizes = [2], ValidationShare = 0 }, seed: 1))
            ModelFile.Save(bands, folder["bands.npz"]);
        ModelFile.Save(trainer, folder["gray.npz"]);
        File.WriteAllBytes(folder["a.png"], Png.Encode(3, 3, 3, new byte[27]));
        using var model = ModelFile.Load(folder["bands.npz"]);
        using var gray = ModelFile.Load(folder["gray.npz"]);

        Assert.Contains("1 or 3 channels", Assert.Throws<DataFileException>(() => model.ReadExamples(folder["a.png"])).Found, StringComparison.Ordinal);
        Assert.Equal("cannot be opened", Assert.Throws<DataFileException>(() => gray.ReadExamples(folder["absent.png"])).Found);
        Assert.Equal(1, gray.ReadExamples(folder["a.png"]).Count);
    }

    [Fact]
    public void Images_and_tables_of_the_models_kind_are_predicted_from_files()
    {
        ModelFile.Save(trainer, folder["model.npz"]);
        using var model = ModelFile.Load(folder["model.npz"]);
        File.WriteAllBytes(folder["images"], Engine.Tests.Data.IdxBytes.Make([60, 28, 28], Data.Test.Bytes!));
        Assert.Equal(trainer.EvaluateTest()!.Predictions, model.Predict(model.ReadExamples(folder["images"])));

        var columns = string.Join(',', Enumerable.Range(0, 784).Select(i => $"p{i}"));
        File.WriteAllLines(folder["table.csv"], [columns, .. Data.Test.Bytes!.Chunk(784).Select(row => string.Join(',', row))]);
        Assert.Equal(trainer.EvaluateTest()!.Predictions, model.Predict(model.ReadExamples(folder["table.csv"])));

        File.WriteAllBytes(folder["small"], Engine.Tests.Data.IdxBytes.Images(2, 5, 5));
        Assert.Equal("images of 5×5×1", Assert.Throws<DataFileException>(() => model.ReadExamples(folder["small"])).Found);
    }

    [Fact]
    public void Labels_that_do_not_fit_examples_or_classes_are_refused()
    {
        ModelFile.Save(trainer, folder["model.npz"]);
        using var model = ModelFile.Load(folder["model.npz"]);
        File.WriteAllBytes(folder["labels"], Engine.Tests.Data.IdxBytes.Labels(0, 9, 10));
        Assert.Equal("3 labels", Assert.Throws<DataFileException>(() => model.ReadLabels(folder["labels"], 4)).Found);
        Assert.Equal("label 10", Assert.Throws<DataFileException>(() => model.ReadLabels(folder["labels"], 3)).Found);
        File.WriteAllBytes(folder["labels"], Engine.Tests.Data.IdxBytes.Labels(0, 9));
        Assert.Equal([0, 9], model.ReadLabels(folder["labels"], 2));
    }

    [Fact]
    public void An_unknown_ending_is_refused_before_anything_is_written()
    {
        Assert.Contains(".safetensors or .npz", Assert.Throws<EngineException>(() => ModelFile.Save(trainer, folder["model.h5"])).Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [NumpyFact]
    public void Numpy_reads_the_arrays_and_the_description()
    {
        ModelFile.Save(trainer, folder["model.npz"]);
        var output = NumpyFactAttribute.Run(
            "import json,numpy,sys; z=numpy.load(sys.argv[1]); w=z['conv2.weight']; "
            + "print(w.shape, w.dtype, repr(float(w[1,2,3,4])), json.loads(z['metadata.json'])['hidden_sizes'])", folder["model.npz"]);

        var weights = trainer.Model.Network.Parameters.Single(p => p.Name == "conv2.weight").Export();
        var value = ((double)weights[((1 * 3 + 2) * 4 + 3) * 6 + 4]).ToString("R", CultureInfo.InvariantCulture);
        Assert.Equal($"(3, 3, 4, 6) float32 {value} [12, 7]", output.Trim());
    }
}

/// <summary>A test that needs Python with NumPy: reported as skipped if there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NumpyFactAttribute : FactAttribute
{
    private static readonly string? Python = new[] { "python3", "/usr/bin/python3" }.FirstOrDefault(p => Answers(p, "import numpy"));

    public NumpyFactAttribute() => Skip = Python is null ? "There is no python3 with numpy." : null;

    public static string Run(string program, params string[] arguments)
    {
        using var process = Start(Python!, program, arguments);
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return output;
    }

    private static bool Answers(string python, string program)
    {
        try
        {
            using var process = Start(python, program);
            process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static Process Start(string python, string program, params string[] arguments) => Process.Start(
        new ProcessStartInfo(python, ["-c", program, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}

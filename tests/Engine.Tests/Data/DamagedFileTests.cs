using Engine.Data;
using Engine.Formats;
using Tests.Shared;

namespace Engine.Tests.Data;

/// <summary>A file of which one byte has changed, or whose end is missing, is refused as a whole or read; no other exception escapes.</summary>
public sealed class DamagedFileTests : IDisposable
{
    private static readonly TensorFile Tensors = new([new Tensor("a", [2, 3], [1, 2, 3, 4, 5, 6]), new Tensor("b", [1], [7])], """{"version":1}""");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Tensors_in_npz() => Check(Bytes(Npz.Write), content => Npz.Read(content, "a.npz"));

    [Fact]
    public void Tensors_in_safetensors() => Check(Bytes(Safetensors.Write), content => Safetensors.Read(content, "a.safetensors"));

    [Fact]
    public void Data_sets_in_npz() => Check(
        Bytes((stream, _) => Npz.Write(stream, new TensorFile(
            [new Tensor("x_train", [2, 1], [1, 2]), new Tensor("y_train", [2], [0.5f, 1]), new Tensor("x_test", [1, 1], [1]), new Tensor("y_test", [1], [1])], null))),
        Reading("a.npz", file => NpzDataset.FromFile("a", file)));

    [Fact]
    public void Images_in_IDX()
    {
        Check(IdxBytes.Images(2, 3, 3), Reading("images", file => IdxFile.ReadImages(file)));
        Check(IdxBytes.Gzip(IdxBytes.Images(2, 3, 3)), Reading("images.gz", file => IdxFile.ReadImages(file)));
    }

    [Fact]
    public void Image_files()
    {
        Directory.CreateDirectory(folder["a"]);
        Check(Png.Encode(3, 3, 3, new byte[27]), Reading("a/a.png", _ => ImageFolder.Read("images", folder.Path, (2, 2), 3)));
    }

    [Fact]
    public void Tables() => Check(
        "x,color,label\n1,\"red\",a\n2.5,blue,\"b\"\n,red,a\n"u8.ToArray(),
        Reading("t.csv", file => TableDataset.FromFiles("t", file, null, new TableOptions { Missing = MissingValues.Mean })));

    private static byte[] Bytes(Action<Stream, TensorFile> write)
    {
        using var stream = new MemoryStream();
        write(stream, Tensors);
        return stream.ToArray();
    }

    private Action<byte[]> Reading(string name, Action<string> read) => content =>
    {
        File.WriteAllBytes(folder[name], content);
        read(folder[name]);
    };

    private static void Check(byte[] whole, Action<byte[]> read)
    {
        read(whole);
        for (var at = 0; at < whole.Length; at++)
        {
            TryRead($"the first {at} bytes", whole[..at]);
            foreach (var value in (byte[])[(byte)~whole[at], (byte)(whole[at] + 1), 0])
            {
                var damaged = whole.ToArray();
                damaged[at] = value;
                TryRead($"byte {at} as {value}", damaged);
            }
        }

        void TryRead(string what, byte[] content)
        {
            var error = Record.Exception(() => read(content));
            Assert.True(error is null or DataFileException, $"With {what}: {error}");
        }
    }
}

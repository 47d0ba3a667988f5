using System.IO.Compression;

namespace Engine.Tests.Data;

/// <summary>Creates small IDX files, which tests may damage.</summary>
internal static class IdxBytes
{
    public static byte[] Make(int[] dimensions, byte[] data, byte type = 0x08) =>
    [
        0, 0, type, (byte)dimensions.Length,
        .. dimensions.SelectMany(d => new[] { (byte)(d >> 24), (byte)(d >> 16), (byte)(d >> 8), (byte)d }),
        .. data,
    ];

    public static byte[] Images(int count, int height = 2, int width = 3) =>
        Make([count, height, width], [.. Enumerable.Range(0, count * height * width).Select(i => (byte)i)]);

    public static byte[] Labels(params byte[] labels) => Make([labels.Length], labels);

    public static byte[] Gzip(byte[] data)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
            gzip.Write(data);
        return packed.ToArray();
    }
}

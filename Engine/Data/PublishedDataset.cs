using System.Security.Cryptography;

namespace Engine.Data;

/// <summary>An image data set that its authors publish as four gzipped IDX files.</summary>
/// <param name="Name">The name by which it is loaded, and the name of its folder.</param>
/// <param name="Addresses">The base addresses of the files, tried in order; each ends in a slash.</param>
/// <param name="ClassNames">One name per class, in label order.</param>
/// <param name="Files">Training images, training labels, test images, test labels.</param>
/// <param name="TrainLabelsSha256">
/// The SHA-256 of the uncompressed training labels, without the header. Distinguishes this data set from others with the same file names.
/// </param>
public sealed record PublishedDataset(
    string Name, IReadOnlyList<Uri> Addresses, IReadOnlyList<string> ClassNames, IReadOnlyList<PublishedFile> Files, string TrainLabelsSha256)
{
    /// <summary>Fashion-MNIST (Xiao, Rasul, Vollgraf, 2017; MIT licence): 70,000 pictures of clothing.</summary>
    public static readonly PublishedDataset FashionMnist = new(
        "fashion-mnist",
        [
            new("http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"),
            new("https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/"),
        ],
        ["T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"],
        [
            new(IdxNames.TrainImages + ".gz", 26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
            new(IdxNames.TrainLabels + ".gz", 29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
            new(IdxNames.TestImages + ".gz", 4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
            new(IdxNames.TestLabels + ".gz", 5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
        ],
        "657fbd221bfc9f4198cc14b5619cc33ec57c58dd0e47af4d99d6650759e869a7");

    /// <summary>MNIST (LeCun, Cortes, 1998; CC BY-SA 3.0): 70,000 handwritten digits.</summary>
    public static readonly PublishedDataset Mnist = new(
        "mnist",
        [
            new("https://ossci-datasets.s3.amazonaws.com/mnist/"),
            new("https://storage.googleapis.com/cvdf-datasets/mnist/"),
        ],
        ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
        [
            new(IdxNames.TrainImages + ".gz", 9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
            new(IdxNames.TrainLabels + ".gz", 28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
            new(IdxNames.TestImages + ".gz", 1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
            new(IdxNames.TestLabels + ".gz", 4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
        ],
        "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13");

    /// <summary>All published data sets that can be downloaded.</summary>
    public static IReadOnlyList<PublishedDataset> All { get; } = [FashionMnist, Mnist];

    /// <summary>
    /// Throws <see cref="DataFileException"/> when the files are those of another published data set. A modified or shortened version of
    /// this one is allowed.
    /// </summary>
    internal void CheckIdentity(Dataset dataset, string folder)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(dataset.Train.Labels));
        if (All.FirstOrDefault(p => p != this && p.TrainLabelsSha256 == hash) is { } other)
            throw new DataFileException(Path.Combine(folder, IdxNames.TrainLabels), null, $"the labels of {other.Name}", $"those of {Name}");
    }
}

using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

// Trains one of the benchmark's networks with TorchSharp, one epoch per line on standard input: the same as torch_epoch.py with the variant "sliced".
// TorchSharp cannot flush denormals. Arguments: FOLDER of Fashion-MNIST, CONFIGURATION A … E. Prints "ready VERSION GFLOPS", then for every line the CPU seconds of an epoch.
CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
set_num_threads(1);
random.manual_seed(1);

var (hidden, activation, batch) = args[1] switch
{
    "A" => ((long[])[128, 128, 128, 128], (Func<Module<Tensor, Tensor>>)(() => Sigmoid()), 64),
    "B" => ([64, 64, 64, 64], () => Tanh(), 32),
    "C" => ([32, 32, 32], () => ReLU(), 16),
    "D" => ([400, 250, 100], () => ReLU(), 64),
    "E" => ([512], () => ReLU(), 64),
    var other => throw new ArgumentException($"There is no configuration '{other}'."),
};
var layers = new List<Module<Tensor, Tensor>>();
var width = 784L;
if (args[1] == "E")
{
    var channels = 1L;
    foreach (var (i, filters) in ((long[])[16, 32, 64, 128, 256]).Index())
    {
        layers.AddRange([Conv2d(channels, filters, 3, padding: 1), activation()]);
        if (i < 4)
            layers.Add(MaxPool2d(2));
        width = channels = filters;
    }
    layers.Add(Flatten());
}
foreach (var size in hidden)
{
    layers.AddRange([Linear(width, size), activation()]);
    if (args[1] == "D")
        layers.Add(Dropout(0.2));
    width = size;
}
layers.Add(Linear(width, 10));
using var network = Sequential(layers);
using var optimizer = args[1] switch
{
    "A" or "B" => (optim.Optimizer)optim.NAdam(network.parameters(), 0.001),
    "C" => optim.SGD(network.parameters(), 0.01),
    _ => optim.Adam(network.parameters(), 0.001),
};
using var lossOf = CrossEntropyLoss();

using var images = (tensor(Idx("train-images-idx3-ubyte.gz", 16)).to_type(ScalarType.Float32) / 255).reshape(args[1] == "E" ? [60_000, 1, 28, 28] : [60_000, 784]);
using var labels = tensor(Idx("train-labels-idx1-ubyte.gz", 8)).to_type(ScalarType.Int64);
using var trainImages = images[TensorIndex.Slice(0, 54_000)];
using var trainLabels = labels[TensorIndex.Slice(0, 54_000)];

Console.WriteLine($"ready {__version__} {ProductGflops()}");
while (Console.ReadLine() is not null)
{
    var start = Environment.CpuUsage.TotalTime;
    network.train();
    using (var order = randperm(54_000))
        for (var at = 0; at < 54_000; at += batch)
        {
            using var scope = NewDisposeScope();
            var take = order[TensorIndex.Slice(at, Math.Min(at + batch, 54_000))];
            optimizer.zero_grad();
            var loss = lossOf.forward(network.forward(trainImages[take]), trainLabels[take]);
            loss.backward();
            optimizer.step();
            loss.item<float>();
        }
    network.eval();
    var correct = 0L;
    using (no_grad())
        for (var at = 54_000; at < 60_000; at += 500)
        {
            using var scope = NewDisposeScope();
            correct += (network.forward(images[TensorIndex.Slice(at, at + 500)]).argmax(1) == labels[TensorIndex.Slice(at, at + 500)]).sum().item<long>();
        }
    Console.WriteLine($"{(Environment.CpuUsage.TotalTime - start).TotalSeconds} {correct / 6000.0}");
}

byte[] Idx(string name, int offset)
{
    using var file = new GZipStream(File.OpenRead(Path.Combine(args[0], name)), CompressionMode.Decompress);
    using var bytes = new MemoryStream();
    file.CopyTo(bytes);
    return bytes.ToArray()[offset..];
}

static double ProductGflops()
{
    using var a = ones(64, 784);
    using var b = ones(784, 128);
    var best = double.MaxValue;
    for (var trial = 0; trial < 10; trial++)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < 10; i++)
            mm(a, b).Dispose();
        best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
    return 10 * 2.0 * 64 * 784 * 128 / best / 1e9;
}

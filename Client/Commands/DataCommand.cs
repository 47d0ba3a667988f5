using System.CommandLine;
using System.Text.Json;
using Client.Local;
using Client.Output;
using Client.Sources;
using Engine;
using Engine.Data;
using Npgsql;
using Sweeps.Analysis;
using Sweeps.Files;
using Sweeps.Log.Postgres;

namespace Client.Commands;

/// <summary><c>sweep data</c></summary>
public sealed class DataCommand : Command
{
    private static readonly Option<string?> Folder = new("--data") { Description = "Folder of data sets. Default: SWEEP_DATA.", HelpName = "folder", Recursive = true };

    public DataCommand() : base("data", "Data sets: which are here, fetch one, push one to a store.")
    {
        Options.Add(Folder);
        Subcommands.Add(new ListDataCommand());
        Subcommands.Add(new FetchCommand());
        Subcommands.Add(new PushCommand());
        Subcommands.Add(new ShowDataCommand());
    }

    private static Argument<string> DatasetName() => new("name") { Description = $"One of {string.Join(", ", PublishedDataset.All.Select(known => known.Name))}." };

    private static PublishedDataset Known(string name) => PublishedDataset.All.FirstOrDefault(known => known.Name == name)
        ?? throw new UsageException($"'{name}' is no published data set. {DidYouMean.Hint(name, [.. PublishedDataset.All.Select(known => known.Name)])}");

    private sealed class ListDataCommand() : SweepCommand("list", "The data sets that can be named in a sweep file, and whether they are here.", SourceKinds.None)
    {
        protected override Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
        {
            var options = Trainables.Options(parse.GetValue(Folder)) with { Download = false };
            if (context.Terminal.Json)
            {
                context.Terminal.WriteData(SweepJson.Write(json =>
                {
                    json.WriteStartArray();
                    foreach (var known in PublishedDataset.All)
                        Write(json, known.Name, Trainables.FolderOf(known, options));
                    Write(json, Glyphs.Name, "built in");
                    json.WriteEndArray();
                }));
                return Task.FromResult(ExitCode.Done);
            }
            foreach (var known in PublishedDataset.All)
                context.Terminal.Say($"  {known.Name,-16}{Trainables.FolderOf(known, options) ?? $"not here: ./sweep data fetch {known.Name}"}");
            context.Terminal.Say($"  {Glyphs.Name,-16}built in");
            context.Terminal.Say("  idx:FOLDER      image and label files of your own");
            context.Terminal.Say("  csv:FILE#LABEL  a table of your own, with options as a map: docs/data.md");
            context.Terminal.Say("  npz:FILE        arrays of NumPy: x_train, y_train …");
            context.Terminal.Say("  images:FOLDER   PNG and JPEG files in a folder for each class");
            return Task.FromResult(ExitCode.Done);
        }

        private static void Write(Utf8JsonWriter json, string name, string? place)
        {
            json.WriteStartObject();
            json.WriteString("name", name);
            json.WriteString("place", place);
            json.WriteEndObject();
        }
    }

    private sealed class FetchCommand : SweepCommand
    {
        private readonly Argument<string> name = DatasetName();

        public FetchCommand() : base("fetch", "Download a data set, or find it here, and check it.", SourceKinds.None) => Arguments.Add(name);

        protected override Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
        {
            var dataset = Trainables.Load(context, Known(parse.GetValue(name)!).Name, parse.GetValue(Folder), cancel);
            context.Terminal.Answer($"{dataset.Name}: {dataset.Train.Count:N0} training and {dataset.Test.Count:N0} test examples, {dataset.Output.Count} classes.", json =>
            {
                json.WriteString("dataset", dataset.Name);
                json.WriteNumber("train", dataset.Train.Count);
                json.WriteNumber("test", dataset.Test.Count);
                json.WriteNumber("classes", dataset.Output.Count);
            });
            return Task.FromResult(ExitCode.Done);
        }
    }

    private sealed class ShowDataCommand : SweepCommand
    {
        private readonly Argument<string> name = new("dataset") { Description = "Images, by name: mnist, images:FOLDER, npz:FILE." };
        private readonly Argument<FileInfo> destination = new("output") { Description = "The PNG file to write: a row of training images for each class." };
        private readonly Option<int> count = new("--per-class") { Description = "Images of each class. Default: 8.", HelpName = "number", DefaultValueFactory = _ => 8 };

        public ShowDataCommand() : base("show", "Write a picture of training images, a row for each class.", SourceKinds.None)
        {
            Arguments.Add(name);
            Arguments.Add(destination);
            Options.Add(count);
        }

        protected override Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
        {
            var dataset = Trainables.Load(context, DatasetCatalog.Rooted(parse.GetValue(name)!, Directory.GetCurrentDirectory()), parse.GetValue(Folder), cancel);
            if (parse.GetValue(count) is < 1 or > 1000)
                throw new UsageException($"--per-class {parse.GetValue(count)}: expected 1 … 1000.");
            var picture = ModelInspection.Montage(dataset, parse.GetValue(count))
                ?? throw new UsageException($"{dataset.Name}: only images with classes can be shown, but an example is {dataset.Height} × {dataset.Width}.");
            OutputFile.Write(parse.GetValue(destination)!.FullName, file => file.Write(picture));
            context.Terminal.Answer(
                $"Wrote {parse.GetValue(destination)}: a row for each of {string.Join(", ", dataset.Output.Names)}.", json =>
                {
                    json.WriteString("file", parse.GetValue(destination)!.FullName);
                    json.WriteNumber("classes", dataset.Output.Count);
                });
            return Task.FromResult(ExitCode.Done);
        }
    }

    private sealed class PushCommand : SweepCommand
    {
        private readonly Argument<string> name = DatasetName();

        public PushCommand() : base("push", "Copy a data set to the store, for nodes that cannot get it otherwise.", SourceKinds.Store) => Arguments.Add(name);

        protected override async Task<ExitCode> RunAsync(ParseResult parse, CommandContext context, CancellationToken cancel)
        {
            var known = Known(parse.GetValue(name)!);
            await using var database = StoreSource.Connect(context.StoreOrUsage);
            // Load finds or downloads the files and checks them.
            Trainables.Load(context, known.Name, parse.GetValue(Folder), cancel);
            var options = Trainables.Options(parse.GetValue(Folder));
            var files = known.Files.Select(file => Trainables.FoldersOf(known, options).Select(folder => Path.Combine(folder, file.Name)).FirstOrDefault(File.Exists)
                ?? throw new UsageException($"{file.Name} is not here as it was published; push needs the compressed file.")).ToList();
            try
            {
                await PostgresStore.Migrator.CheckAsync(database, cancel);
                await new PostgresDatasets(database).PushAsync(known.Name, files, cancel);
            }
            catch (NpgsqlException problem)
            {
                throw new SourceUnavailableException($"The data set could not be written to the store: {problem.Message}", problem);
            }
            catch (InvalidOperationException problem)
            {
                throw new UsageException($"The data set could not be written to the store: {problem.Message}", problem);
            }
            context.Terminal.Answer(
                $"Pushed {known.Name}: {files.Count} files, {files.Sum(file => new FileInfo(file).Length) / 1e6:0.0} MB.", json => json.WriteString("dataset", known.Name));
            return ExitCode.Done;
        }
    }
}

using System.Text.RegularExpressions;
using System.Xml.Linq;
using Cluster.Monitoring;
using k8s;
using k8s.Models;
using Silo.Options;
using Tests.Shared;
using YamlDotNet.RepresentationModel;

namespace Cluster.Deploy;

/// <summary>
/// Checks of deploy/ without a container engine or a cluster: the files are valid for their engines, and everything that they name exists.
/// </summary>
public sealed partial class DeployTests
{
    [Fact]
    public void Every_field_of_a_Kubernetes_object_is_one_that_the_API_has()
    {
        // The ServiceMonitor is not in the API of Kubernetes: it is a custom resource of the Prometheus operator.
        var files = Directory.GetFiles(Repository.Path("deploy/kubernetes"), "*.yaml").Where(file => Path.GetFileName(file) != "monitoring.yaml");
        var objects = files.SelectMany(file => KubernetesYaml.LoadAllFromString(File.ReadAllText(file), strict: true)).Cast<IKubernetesObject<V1ObjectMeta>>().ToList();

        Assert.Equal(
            ["HorizontalPodAutoscaler", "NetworkPolicy", "PodDisruptionBudget", "Service", "ServiceAccount", "StatefulSet"],
            objects.Select(one => one.Kind).Order(StringComparer.Ordinal));
        Assert.All(objects, one => Assert.Equal("sweeps-silo", one.Metadata.Name));
    }

    [Fact]
    public void Probes_and_policies_name_ports_that_the_silo_has()
    {
        var silo = Documents("deploy/kubernetes/silo.yaml").Single(manifest => Text(manifest, "kind") == "StatefulSet");
        var container = ((YamlSequenceNode)silo["spec"]["template"]["spec"]["containers"]).Cast<YamlMappingNode>().Single();
        var ports = ((YamlSequenceNode)container["ports"]).ToDictionary(port => port["name"].ToString(), port => port["containerPort"].ToString());
        var defaults = new SiloOptions();

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["silo"] = $"{defaults.SiloPort}", ["gateway"] = $"{defaults.GatewayPort}", ["http"] = $"{defaults.HttpPort}",
            },
            ports);
        foreach (var probe in (string[])["startupProbe", "livenessProbe", "readinessProbe"])
            Assert.Contains(container[probe]["httpGet"]["port"].ToString(), ports.Keys);
        Assert.All(
            Values(Documents("deploy/kubernetes/network.yaml").Single(), "port"), port => Assert.Contains(port, ports.Values));
        Assert.Contains("--drain", SiloConfiguration.Options.Select(SiloConfiguration.Switch));
        Assert.True(int.Parse(silo["spec"]["template"]["spec"]["terminationGracePeriodSeconds"].ToString(), null) > defaults.DrainSeconds + 5);
    }

    [Fact]
    public void The_autoscaler_goes_by_a_series_that_Prometheus_records_and_the_manual_tells_the_adapter_of()
    {
        var external = Documents("deploy/kubernetes/autoscaling.yaml").Single()["spec"]["metrics"][0]["external"]["metric"];
        var recorded = Documents("deploy/prometheus/alerts.yml").SelectMany(rules => Values(rules, "record")).Single();

        Assert.Equal(recorded.Replace(':', '_'), external["name"].ToString());
        var manual = File.ReadAllText(Repository.Path("docs/operating.md"));
        Assert.Contains($"seriesQuery: {recorded}\n      name: {{ as: {external["name"]} }}", manual, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("deploy/compose.yaml")]
    [InlineData("deploy/kubernetes/silo.yaml")]
    [InlineData("deploy/systemd/silo.env")]
    [InlineData("docs/operating.md")]
    public void Every_setting_of_a_silo_is_an_option_that_it_has(string file)
    {
        var options = SiloConfiguration.Options.Select(SiloConfiguration.Variable).ToHashSet();
        var named = Setting().Matches(File.ReadAllText(Repository.Path(file))).Select(match => match.Value).Distinct().ToList();

        Assert.NotEmpty(named);
        Assert.All(named, setting => Assert.Contains(setting, options));
    }

    [Fact]
    public void What_the_container_and_compose_copy_and_mount_exists()
    {
        var copied = Copy().Matches(File.ReadAllText(Repository.Path("deploy/Dockerfile")))
            .SelectMany(match => match.Groups["from"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        var services = (YamlMappingNode)Documents("deploy/compose.yaml").Single()["services"];
        var mounted = Values(services, "volumes").Where(volume => volume.StartsWith("./", StringComparison.Ordinal))
            .Select(volume => "deploy" + volume.Split(':')[0][1..]);

        Assert.Equal(["grafana", "postgres", "prometheus", "schema", "silo"], services.Children.Keys.Select(key => key.ToString()).Order(StringComparer.Ordinal));
        Assert.All(copied.Concat(mounted), path => Assert.True(Path.Exists(Repository.Path(path)), $"{path} is not in the repository."));
    }

    /// <summary>The image is published without a second restore, which fails for a project whose file was not there for the first.</summary>
    [Fact]
    public void The_container_restores_every_project_that_the_silo_references()
    {
        var steps = File.ReadAllText(Repository.Path("deploy/Dockerfile")).Split("RUN dotnet restore");
        var copied = Copy().Matches(steps[0]).SelectMany(match => match.Groups["from"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(Projects("Silo/Silo.csproj").Order(StringComparer.Ordinal), copied.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    /// <summary>The script runs in a copy of its two files, with a PostgreSQL of its own and a <c>dotnet</c> that cannot prepare a store.</summary>
    [PostgresFact]
    public async Task A_local_cluster_whose_store_cannot_be_prepared_says_why_stops_its_database_and_fails()
    {
        using var folder = new TemporaryFolder();
        foreach (var file in (string[])["deploy/local-cluster.sh", ".ci/build.sh"])
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder[file])!);
            File.Copy(Repository.Path(file), folder[file]);
        }
        Directory.CreateDirectory(folder["bin"]);
        File.WriteAllText(folder["bin/dotnet"], "#!/bin/sh\ncase $* in *--init-store*) echo 'The tables are of a newer program.'; exit 1;; esac\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder["bin/dotnet"], UnixFileMode.UserRead | UnixFileMode.UserExecute);
            // The user of PostgreSQL, which is not that of the test if that is root, must reach its data.
            File.SetUnixFileMode(folder.Path, File.GetUnixFileMode(folder.Path) | UnixFileMode.OtherRead | UnixFileMode.OtherExecute);
        }
        await using var script = await GuardedProcess.StartAsync(
            "bash", [folder["deploy/local-cluster.sh"], "1"],
            new Dictionary<string, string?>
            {
                ["PATH"] = $"{folder["bin"]}:{Environment.GetEnvironmentVariable("PATH")}", ["XDG_STATE_HOME"] = folder["state"],
            });

        await script.Ended.WaitAsync(TimeSpan.FromMinutes(3));

        Assert.True(script.ExitCode == 1, script.Output);
        Assert.Contains("The tables are of a newer program.", script.Output, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["state/sweeps/local-cluster/postgres/PG_VERSION"]));
        Assert.False(File.Exists(folder["state/sweeps/local-cluster/postgres/postmaster.pid"]));
    }

    /// <summary>A project and all that it references, as paths in the repository.</summary>
    private static HashSet<string> Projects(string project)
    {
        HashSet<string> found = [project];
        foreach (var reference in XDocument.Load(Repository.Path(project)).Descendants("ProjectReference"))
            found.UnionWith(Projects(Path.GetRelativePath(Repository.Path(""), Path.GetFullPath(reference.Attribute("Include")!.Value, Repository.Path(Path.GetDirectoryName(project)!)))));
        return found;
    }

    private static IEnumerable<YamlMappingNode> Documents(string file)
    {
        var yaml = new YamlStream();
        using var reader = new StreamReader(Repository.Path(file));
        // Compose files may have merge keys, which the parser with positions does not resolve.
        yaml.Load(reader);
        return yaml.Documents.Select(document => (YamlMappingNode)document.RootNode);
    }

    private static string Text(YamlMappingNode node, string key) => node[key].ToString();

    private static IEnumerable<string> Values(YamlNode node, string key) => node switch
    {
        YamlMappingNode map => map.Children.SelectMany(pair => pair.Key.ToString() == key ? Scalars(pair.Value) : Values(pair.Value, key)),
        YamlSequenceNode list => list.SelectMany(item => Values(item, key)),
        _ => [],
    };

    private static IEnumerable<string> Scalars(YamlNode node) => node switch
    {
        YamlScalarNode scalar => [scalar.Value!],
        YamlSequenceNode list => list.SelectMany(Scalars),
        _ => [],
    };

    [GeneratedRegex(@"\bSILO_[A-Z_]+[A-Z]")]
    private static partial Regex Setting();

    [GeneratedRegex(@"^COPY (?!--from)(?<from>.+) \S+$", RegexOptions.Multiline)]
    private static partial Regex Copy();
}

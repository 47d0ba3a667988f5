using Microsoft.Extensions.Options;
using Silo.Options;

namespace Cluster.Options;

public sealed class SiloConfigurationTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("silo-options-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Nothing_given_means_the_defaults()
    {
        Assert.Equal(new SiloOptions(), Read());
    }

    [Fact]
    public void The_environment_overrides_the_file_and_the_command_line_overrides_both()
    {
        var options = Read(
            ["--http-port", "3"],
            new() { ["SILO_HTTP_PORT"] = "2", ["SILO_GATEWAY_PORT"] = "2", ["HOME"] = "/somewhere" },
            """{ "Logging": {}, "Silo": { "HttpPort": 1, "gatewayPort": 1, "SiloPort": "1" } }""");

        Assert.Equal((3, 2, 1), (options.HttpPort, options.GatewayPort, options.SiloPort));
    }

    [Theory]
    [InlineData("--store=Host=db;Database=sweeps")]
    [InlineData("--store", "Host=db;Database=sweeps")]
    [InlineData("--store", "Host=other", "--store", "Host=db;Database=sweeps")]
    public void A_value_may_follow_an_equals_sign_and_may_hold_some(params string[] arguments)
    {
        Assert.Equal("Host=db;Database=sweeps", Read(arguments).Store);
    }

    [Theory]
    [InlineData(true, "--insecure")]
    [InlineData(true, "--insecure", "--slots", "2")]
    [InlineData(true, "--insecure", "true")]
    [InlineData(false, "--insecure", "false")]
    [InlineData(false, "--insecure=false")]
    public void A_switch_needs_no_value(bool expected, params string[] arguments)
    {
        Assert.Equal(expected, Read(arguments).Insecure);
    }

    [Fact]
    public void Every_mistake_is_named_with_its_option_and_the_value_received()
    {
        var mistakes = Mistakes(
            ["--slots", "many", "--slot", "2", "port", "--silo-port"],
            new() { ["SILO_INSECURE"] = "perhaps", ["SILO_PORT"] = "1" },
            """{ "Silo": { "drainSeconds": 99999999999 } }""");

        Assert.Equal(
            [
                "--drain-seconds (SILO_DRAIN_SECONDS) is '99999999999', but must be a whole number.",
                "--insecure (SILO_INSECURE) is 'perhaps', but must be true or false.",
                "--silo-port (SILO_SILO_PORT) is '', but must be a whole number.",
                "--slots (SILO_SLOTS) is 'many', but must be a whole number.",
                "There is no option --slot.",
                "There is no option SILO_PORT.",
                "There is no option port.",
            ],
            mistakes.Select(mistake => mistake.Split(" Options are: ")[0]).Order(StringComparer.Ordinal));
        Assert.Contains("Options are: --store, --slots, ", string.Concat(mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_value_that_cannot_be_read_does_not_hide_the_mistakes_of_the_others()
    {
        Assert.Equal(
            ["--address", "--http-port", "--slots"],
            Mistakes(["--slots", "x", "--http-port", "99999", "--address", "10.0.0.1"]).Select(mistake => mistake.Split(' ')[0]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_value_that_can_be_read_is_validated()
    {
        Assert.Equal("--slots is 2000, but must be 0 (one less than the cores) to 1024.", Assert.Single(Mistakes(["--slots", "2000"])));
    }

    [Fact]
    public void Help_names_every_option()
    {
        using var help = new StringWriter();

        Assert.Null(SiloCommandLine.Read(["--help"], help, TextWriter.Null, out var exitCode));

        Assert.Equal(0, exitCode);
        Assert.All(SiloConfiguration.Options, option => Assert.Contains($"  {SiloConfiguration.Switch(option)} ", help.ToString(), StringComparison.Ordinal));
    }

    private SiloOptions Read(string[]? arguments = null, Dictionary<string, string?>? environment = null, string? file = null)
    {
        if (file is not null)
            File.WriteAllText(Path.Combine(folder, "appsettings.json"), file);
        return SiloCommandLine.Read(SiloConfiguration.Read(arguments ?? [], environment ?? [], folder), File.Exists);
    }

    private string[] Mistakes(string[] arguments, Dictionary<string, string?>? environment = null, string? file = null) =>
        [.. Assert.Throws<OptionsValidationException>(() => Read(arguments, environment, file)).Failures];
}

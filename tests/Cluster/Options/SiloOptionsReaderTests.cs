using Silo.Options;

namespace Cluster.Options;

public sealed class SiloOptionsReaderTests
{
    [Fact]
    public void Nothing_given_means_the_defaults()
    {
        var (options, mistakes) = Read();

        Assert.Empty(mistakes);
        Assert.Equal(new SiloOptions(), options);
    }

    [Fact]
    public void The_environment_overrides_the_file_and_the_command_line_overrides_both()
    {
        var (options, mistakes) = Read(
            ["--http-port", "3"],
            new() { ["SILO_HTTP_PORT"] = "2", ["SILO_GATEWAY_PORT"] = "2", ["HOME"] = "/somewhere" },
            new() { ["HttpPort"] = "1", ["gatewayPort"] = "1", ["SiloPort"] = "1" });

        Assert.Empty(mistakes);
        Assert.Equal((3, 2, 1), (options.HttpPort, options.GatewayPort, options.SiloPort));
    }

    [Theory]
    [InlineData("--store=Host=db;Database=sweeps")]
    [InlineData("--store", "Host=db;Database=sweeps")]
    public void A_value_may_follow_an_equals_sign_and_may_hold_some(params string[] arguments)
    {
        Assert.Equal("Host=db;Database=sweeps", Read(arguments).Options.Store);
    }

    [Theory]
    [InlineData(true, "--insecure")]
    [InlineData(true, "--insecure", "--slots", "2")]
    [InlineData(true, "--insecure", "true")]
    [InlineData(false, "--insecure", "false")]
    [InlineData(false, "--insecure=false")]
    public void A_switch_needs_no_value(bool expected, params string[] arguments)
    {
        var (options, mistakes) = Read(arguments);

        Assert.Empty(mistakes);
        Assert.Equal(expected, options.Insecure);
    }

    [Fact]
    public void Every_mistake_is_told_with_its_place_and_the_value_received()
    {
        var (_, mistakes) = Read(
            ["--slots", "many", "--slot", "2", "port"], new() { ["SILO_INSECURE"] = "perhaps" }, new() { ["drainSeconds"] = "99999999999" });

        Assert.Collection(
            mistakes,
            mistake => Assert.Equal("silo.json: drainSeconds is '99999999999', but must be a whole number.", mistake),
            mistake => Assert.Equal("SILO_INSECURE is 'perhaps', but must be true or false.", mistake),
            mistake => Assert.Equal("--slots is 'many', but must be a whole number.", mistake),
            mistake => Assert.StartsWith("There is no option --slot. Options are: ", mistake, StringComparison.Ordinal),
            mistake => Assert.StartsWith("There is no option port. ", mistake, StringComparison.Ordinal));
    }

    [Fact]
    public void An_option_at_the_end_without_its_value_is_a_mistake()
    {
        Assert.Equal("--slots is '', but must be a whole number.", Assert.Single(Read(["--slots"]).Mistakes));
    }

    [Fact]
    public void Options_are_listed_as_they_are_typed()
    {
        Assert.Contains("http-port", SiloOptionsReader.Names);
        Assert.Contains("tls-certificate", SiloOptionsReader.Names);
    }

    private static (SiloOptions Options, IReadOnlyList<string> Mistakes) Read(
        string[]? arguments = null, Dictionary<string, string>? environment = null, Dictionary<string, string?>? file = null) =>
        SiloOptionsReader.Read(arguments ?? [], environment ?? [], name => name == "silo.json" ? file : null);
}

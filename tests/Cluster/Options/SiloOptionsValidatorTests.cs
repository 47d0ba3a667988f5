using Silo.Options;

namespace Cluster.Options;

public sealed class SiloOptionsValidatorTests
{
    private const string Store = "Host=db;Database=sweeps;Username=silo";

    private static readonly SiloOptions WithCertificates =
        new() { TlsCertificate = "silo.crt", TlsKey = "silo.key", TlsAuthority = "ca.crt" };

    [Fact]
    public void The_defaults_are_valid()
    {
        Assert.Empty(Validate(new SiloOptions()));
        Assert.Empty(Validate(new SiloOptions { Store = Store }));
    }

    [Theory]
    [InlineData("192.168.1.7")]
    [InlineData("auto")]
    [InlineData("fd00::7")]
    public void An_address_that_others_can_reach_is_refused_without_certificates(string address)
    {
        var refused = Assert.Single(Validate(new SiloOptions { Address = address }));

        Assert.StartsWith($"--address {address} can be reached from other machines, and there are no certificates", refused, StringComparison.Ordinal);
        Assert.Empty(Validate(WithCertificates with { Address = address }));
        Assert.Empty(Validate(new SiloOptions { Address = address, Insecure = true }));
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.8.9.10")]
    [InlineData("::1")]
    public void Loopback_needs_no_certificates(string address)
    {
        Assert.Empty(Validate(new SiloOptions { Address = address }));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public void An_address_that_is_no_destination_is_refused(string address)
    {
        var refused = Assert.Single(Validate(WithCertificates with { Address = address }));

        Assert.StartsWith($"--address is {address}, to which no other silo or client can connect", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_the_HTTP_port_may_be_any_free_one()
    {
        Assert.Empty(Validate(new SiloOptions { HttpPort = 0 }));
        Assert.StartsWith("--silo-port is 0, but must be 1 to 65535", Assert.Single(Validate(new SiloOptions { SiloPort = 0 })), StringComparison.Ordinal);
        Assert.StartsWith("--gateway-port is 0, but must be 1 to 65535", Assert.Single(Validate(new SiloOptions { GatewayPort = 0 })), StringComparison.Ordinal);
    }

    [Fact]
    public void Folders_that_are_named_must_exist()
    {
        var mistakes = Validate(new SiloOptions { Data = "/nowhere/data", Artifacts = "/nowhere/artifacts" });

        Assert.Equal(
            ["--artifacts names the folder '/nowhere/artifacts', which does not exist.", "--data names the folder '/nowhere/data', which does not exist."],
            mistakes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Certificate_key_and_authority_go_together_and_must_exist()
    {
        Assert.Equal(
            "--tls-certificate, --tls-key and --tls-authority go together: give all three or none.",
            Assert.Single(Validate(WithCertificates with { TlsKey = null })));
        Assert.Equal(
            "The certificate file 'absent.crt' does not exist or cannot be read.",
            Assert.Single(Validate(WithCertificates with { TlsCertificate = "absent.crt" })));
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("Database=secret")]
    [InlineData("Host=db;Pasword=secret")]
    public void A_store_that_is_no_connection_string_is_refused_without_repeating_it(string store)
    {
        var refused = Assert.Single(Validate(new SiloOptions { Store = store }));

        Assert.StartsWith("--store is not a PostgreSQL connection string", refused, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", refused, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var mistakes = Validate(new SiloOptions
        {
            Slots = -1,
            DrainSeconds = 0,
            LogFormat = "xml",
            SiloPort = 70000,
            GatewayPort = 8080,
            Address = "here",
            Insecure = true,
            InitStore = true,
            Otlp = "collector:4317",
        });

        Assert.Equal(8, mistakes.Count);
        Assert.All(
            (string[])["-1", "0", "xml", "70000", "8080", "here", "--init-store", "collector:4317"],
            received => Assert.Contains(mistakes, mistake => mistake.Contains(received, StringComparison.Ordinal)));
    }

    private static IReadOnlyList<string> Validate(SiloOptions options) =>
        [.. new SiloOptionsValidator(file => !file.StartsWith("absent", StringComparison.Ordinal)).Validate(null, options).Failures ?? []];
}

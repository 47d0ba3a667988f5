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
    [InlineData("0.0.0.0")]
    [InlineData("192.168.1.7")]
    [InlineData("auto")]
    [InlineData("::")]
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

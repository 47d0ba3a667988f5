using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Grains;
using Tests.Shared;

namespace Cluster.Silos;

/// <summary>A certificate authority for one test, with its files in a temporary folder.</summary>
internal sealed class Authority : IDisposable
{
    private const string Host = "sweeps-silo";

    private readonly TemporaryFolder folder = new();
    private readonly RSA key = RSA.Create(2048);
    private readonly X509Certificate2 certificate;

    public Authority()
    {
        var request = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(folder["ca.crt"], certificate.ExportCertificatePem());
    }

    /// <summary>Issues a certificate for clients and silos with a DNS name, and returns its files.</summary>
    public ClusterCertificates Issue(string host = Host)
    {
        using var own = RSA.Create(2048);
        var request = new CertificateRequest($"CN={host}", own, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid("1.3.6.1.5.5.7.3.1", "server"), new Oid("1.3.6.1.5.5.7.3.2", "client")], false));
        using var issued = request.Create(
            certificate, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(10), RandomNumberGenerator.GetBytes(12));
        var name = Path.GetRandomFileName();
        File.WriteAllText(folder[$"{name}.crt"], issued.ExportCertificatePem());
        File.WriteAllText(folder[$"{name}.key"], own.ExportPkcs8PrivateKeyPem());
        return new ClusterCertificates(folder[$"{name}.crt"], folder[$"{name}.key"], folder["ca.crt"], Host);
    }

    public void Dispose()
    {
        certificate.Dispose();
        key.Dispose();
        folder.Dispose();
    }
}

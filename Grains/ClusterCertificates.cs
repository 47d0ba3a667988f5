using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace Grains;

/// <summary>The PEM files for mutual TLS. Both sides present a certificate of the same authority, and only that authority is trusted.</summary>
/// <param name="Certificate">
/// The certificate of this process. A silo's certificate must have the extended key usages of server and client and the DNS name
/// <paramref name="Host"/>.
/// </param>
/// <param name="Key">The key of the certificate.</param>
/// <param name="Authority">The certificates of the trusted authority.</param>
/// <param name="Host">The DNS name in the certificates of silos.</param>
public sealed record ClusterCertificates(string Certificate, string Key, string Authority, string Host)
{
    /// <summary>Configures the TLS connections of a silo or client.</summary>
    public void Apply(TlsOptions tls)
    {
        var trusted = new X509Certificate2Collection();
        trusted.ImportFromPemFile(Authority);
        tls.LocalCertificate = Load();
        tls.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
        tls.RemoteCertificateValidation = (presented, _, errors) =>
            !errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch) && IsOfAuthority(presented, trusted);
        tls.OnAuthenticateAsClient = (_, authentication) => authentication.TargetHost = Host;
    }

    /// <summary>Loads the certificate of this process with its key.</summary>
    public X509Certificate2 Load()
    {
        // Export and import as PKCS #12, because Windows cannot use the ephemeral key of a PEM certificate for TLS.
        using var pem = X509Certificate2.CreateFromPemFile(Certificate, Key);
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }

    private static bool IsOfAuthority(X509Certificate2 presented, X509Certificate2Collection trusted)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(presented);
    }
}

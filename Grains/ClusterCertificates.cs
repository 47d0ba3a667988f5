using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace Grains;

/// <summary>PEM files of mutual TLS: both sides show a certificate of one authority, and no other authority is believed.</summary>
/// <param name="Certificate">This side's certificate; a silo's carries both usages and <paramref name="Host"/> as DNS name.</param>
/// <param name="Key">Its key.</param>
/// <param name="Authority">Whose certificates are believed.</param>
/// <param name="Host">DNS name that silos' certificates carry.</param>
public sealed record ClusterCertificates(string Certificate, string Key, string Authority, string Host)
{
    /// <summary>Sets up one side of a connection.</summary>
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

    /// <summary>This side's certificate with its key.</summary>
    public X509Certificate2 Load()
    {
        // Windows cannot use a key that was only read from a file; a copy through PKCS #12 works everywhere.
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

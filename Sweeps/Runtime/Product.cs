using System.Reflection;

namespace Sweeps;

/// <summary>The version of this program, for logs and messages.</summary>
public static class Product
{
    /// <summary>The version of this build: <c>1.0.0</c>.</summary>
    public static string Version { get; } =
        typeof(Product).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "?";
}

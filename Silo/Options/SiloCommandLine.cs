using Microsoft.Extensions.Options;

namespace Silo.Options;

/// <summary>The command line of the silo: its help, and the options or all mistakes in them.</summary>
public static class SiloCommandLine
{
    private const string Help = """
        A node of a cluster: trains runs of sweeps on its slots.

          dotnet Silo.dll [options]

          --store TEXT           PostgreSQL connection string (default: none, one silo on this machine)
          --slots N              runs trained at once (default: 0, one less than the cores)
          --address IP           where others reach it; auto: first address (default: 127.0.0.1)
          --silo-port N          silo to silo (default: 11111)
          --gateway-port N       client to silo (default: 30000)
          --http-port N          /metrics and /healthz (default: 8080; 0: a free one)
          --cluster-id TEXT      silos with the same id find each other (default: sweeps)
          --data FOLDER          data sets (default: SWEEP_DATA, else the cache folder)
          --programs FOLDER,…    folders whose programs runs may start (default: none)
          --accept-code          run code that clients send with --with-code: whoever can submit
                                 a sweep can then run anything as this user
          --webhooks HOST,…      hosts that on_best and on_end may post to (default: none)
          --checkpoints FOLDER   shared by all silos: checkpoints above 1 MB (default: in the store)
          --artifacts FOLDER     shared by all silos: files that programs leave in SWEEP_OUT
                                 (default: in the store, 100 MB of each run)
          --home FOLDER          logs and checkpoints without a store (default: SWEEP_HOME)
          --tls-certificate PEM  this silo's certificate
          --tls-key PEM          its key
          --tls-authority PEM    whose certificates are believed
          --tls-host NAME        DNS name in silos' certificates (default: sweeps-silo)
          --insecure             an address that is not loopback without certificates
          --dashboard            the Orleans dashboard at /dashboard of the HTTP port, for this machine
          --dashboard-password TEXT  also for others, over HTTPS; needs certificates
          --drain-seconds N      what a drain may take (default: 25)
          --log-format NAME      text or json (default: text)
          --otlp URL             collector for traces (default: none)
          --init-store           create or migrate the store's schema, then end
          --drain                ask the silo that runs with these options to drain, then end

        Each can stand in the environment (SILO_HTTP_PORT=8081), or in appsettings.json
        beside this program: { "Silo": { "HttpPort": 8081 } }. The command line wins.
        SIGTERM drains: checkpoint at the next batch, hand the runs over, leave.
        """;

    /// <summary>The options, or null when the process ends with <paramref name="exitCode"/> after help or mistakes were written.</summary>
    public static SiloOptions? Read(IReadOnlyList<string> arguments, TextWriter output, TextWriter errors, out int exitCode)
    {
        exitCode = 0;
        if (arguments.Any(argument => argument is "--help" or "-h" or "-?"))
        {
            output.WriteLine(Help);
            return null;
        }
        try
        {
            var environment = new ConfigurationBuilder().AddEnvironmentVariables().Build().AsEnumerable();
            return Read(SiloConfiguration.Read(arguments, environment, AppContext.BaseDirectory), File.Exists);
        }
        catch (OptionsValidationException mistakes)
        {
            foreach (var mistake in mistakes.Failures)
                errors.WriteLine(mistake);
        }
        catch (InvalidDataException unreadable)
        {
            errors.WriteLine($"{unreadable.Message} {unreadable.InnerException?.Message}".TrimEnd());
        }
        exitCode = 2;
        return null;
    }

    /// <summary>The options of a configuration. Throws <see cref="OptionsValidationException"/> with every mistake.</summary>
    public static SiloOptions Read(IConfiguration configuration, Func<string, bool> fileExists)
    {
        var reader = new SiloOptionsReader(configuration);
        return new OptionsFactory<SiloOptions>([reader], [], [reader, new SiloOptionsValidator(fileExists)]).Create(Microsoft.Extensions.Options.Options.DefaultName);
    }
}

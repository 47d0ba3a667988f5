using Microsoft.Extensions.Options;

namespace Silo.Options;

/// <summary>Reads the command line of the silo; writes its help or all mistakes in it.</summary>
public static class SiloCommandLine
{
    private const string Help = """
        A node of a cluster: trains runs of sweeps on its slots.

          dotnet Silo.dll [options]

          --store TEXT           PostgreSQL connection string (default: none, one silo on this machine)
          --slots N              runs trained at once (default: 0, one less than the cores)
          --address IP           address for silos and clients; auto: the first one of this machine
                                 that is not loopback (default: 127.0.0.1)
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
          --tls-authority PEM    the authority whose certificates are trusted
          --tls-host NAME        DNS name in silos' certificates (default: sweeps-silo)
          --insecure             allow an address that is not loopback without certificates
          --dashboard            the Orleans dashboard at /dashboard of the HTTP port, for this machine
          --dashboard-password TEXT  also for others, over HTTPS; needs certificates
          --drain-seconds N      time limit of a drain (default: 25)
          --log-format NAME      text or json (default: text)
          --otlp URL             collector for traces (default: none)
          --init-store           create or migrate the store's schema, then end
          --drain                ask the silo that runs with these options to drain, then end

        Every option can be set in the environment (SILO_HTTP_PORT=8081) or in appsettings.json
        beside this program: { "Silo": { "HttpPort": 8081 } }. The command line takes precedence.
        SIGTERM drains: each run writes a checkpoint at the next batch and is given back.
        """;

    /// <summary>Returns the options; null if help or mistakes were written and the process must end with <paramref name="exitCode"/>.</summary>
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

    /// <summary>Returns the options of a configuration. Throws <see cref="OptionsValidationException"/> with all mistakes.</summary>
    public static SiloOptions Read(IConfiguration configuration, Func<string, bool> fileExists)
    {
        var reader = new SiloOptionsReader(configuration);
        return new OptionsFactory<SiloOptions>([reader], [], [reader, new SiloOptionsValidator(fileExists)]).Create(Microsoft.Extensions.Options.Options.DefaultName);
    }
}

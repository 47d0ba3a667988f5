using Silo;
using Silo.Options;

var options = SiloCommandLine.Read(args, Console.Out, Console.Error, out var exitCode);
return options switch
{
    null => exitCode,
    { InitStore: true } => await StoreCommands.InitializeAsync(options),
    { Drain: true } => await StoreCommands.DrainAsync(options),
    _ => await SiloProcess.RunAsync(options),
};

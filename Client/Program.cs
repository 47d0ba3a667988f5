using Client;

return (int)await CommandLine.RunAsync(args);

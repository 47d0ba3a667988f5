using Microsoft.Extensions.Logging;

namespace Grains;

/// <summary>What grains tell the log. Event ids 3000–3099.</summary>
internal static partial class GrainLog
{
    [LoggerMessage(3000, LogLevel.Information, "Coordinator of sweep {Sweep} activated at event {Seq}.")]
    public static partial void CoordinatorActivated(this ILogger logger, string sweep, long seq);

    [LoggerMessage(3001, LogLevel.Warning, "The directory could not be told about sweep {Sweep}; trying again.")]
    public static partial void AnnouncementFailed(this ILogger logger, string sweep, Exception error);

    [LoggerMessage(3002, LogLevel.Warning, "Run {Run} of sweep {Sweep} (generation {Generation}) could not be started here: {Outcome}. It is given back.")]
    public static partial void NotStarted(this ILogger logger, string sweep, int run, int generation, string outcome);

    [LoggerMessage(3003, LogLevel.Warning, "Sweep {Sweep} cannot be described and gets no slots for now.")]
    public static partial void DescriptionFailed(this ILogger logger, string sweep, Exception error);
}

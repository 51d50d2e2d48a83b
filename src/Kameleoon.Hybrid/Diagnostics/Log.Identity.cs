using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

// Messages about visitor codes that are linked to signed-in users: ids 601 to 699.
internal static partial class Log
{
    [LoggerMessage(601, LogLevel.Error,
        "The store of visitor links is unreachable. Pages use the browser's visitor code, and links are written "
        + "once the store answers again.")]
    internal static partial void LinksUnavailable(this ILogger logger, Exception exception);

    [LoggerMessage(602, LogLevel.Information, "The store of visitor links answers again.")]
    internal static partial void LinksRecovered(this ILogger logger);

    [LoggerMessage(603, LogLevel.Error,
        "A signed-in user has {Problem} ({Claim}), so no visitor code can be linked. A user id has 1 to {Max} "
        + "characters, at most 2,000 bytes in UTF-8, without control characters. Set Kameleoon:Identity:UserIdClaim "
        + "to the claim that holds it. Logged once.")]
    internal static partial void UserIdUnfit(this ILogger logger, string problem, string claim, int max);

    [LoggerMessage(604, LogLevel.Warning,
        "The application stopped while the store of visitor links was unreachable. {Count} links are written when "
        + "their users return.")]
    internal static partial void LinksLeft(this ILogger logger, int count);

    [LoggerMessage(605, LogLevel.Warning,
        "The store of idempotency keys failed. Events with a key are still accepted, and count twice if they are "
        + "sent again.")]
    internal static partial void KeysUnavailable(this ILogger logger, Exception exception);

    [LoggerMessage(610, LogLevel.Information, "The store of idempotency keys answers again.")]
    internal static partial void KeysRecovered(this ILogger logger);

    [LoggerMessage(606, LogLevel.Error,
        "{Path} was called by a signed-in user, but app.UseKameleoonVisitorCode() ran before authentication. Call "
        + "it after app.UseAuthentication(). Logged once.")]
    internal static partial void AuthenticatedTooLate(this ILogger logger, string path);

    [LoggerMessage(607, LogLevel.Error,
        "The store of visitor links rejected a link {Count} times while it answered others. The link is retried "
        + "when its user returns.")]
    internal static partial void LinkRefused(this ILogger logger, Exception exception, int count);

    [LoggerMessage(608, LogLevel.Error,
        "The store of visitor links rejects the operations of one user and answers others. That user's pages use "
        + "the browser's visitor code. Logged once.")]
    internal static partial void LinkStoreRefuses(this ILogger logger, Exception exception);

    [LoggerMessage(609, LogLevel.Warning,
        "The list of links that wait for the store is full ({Capacity}, and {MaxOfUser} of one user). Further "
        + "links are dropped and counted; they are written when their users return. Logged once.")]
    internal static partial void LinksOverflow(this ILogger logger, int capacity, int maxOfUser);
}

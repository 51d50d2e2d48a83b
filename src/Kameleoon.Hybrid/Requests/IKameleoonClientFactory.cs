using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Gives the client of any visitor: in jobs, message handlers, and endpoints for mobile applications.</summary>
/// <remarks>A singleton, safe for concurrent use.</remarks>
public interface IKameleoonClientFactory
{
    /// <summary>Creates a client whose exposures the server reports, since there is no page that could. It is never a
    /// bot, whatever request it is used in.</summary>
    /// <param name="visitorCode">The visitor's code: 1 to 255 characters.</param>
    /// <exception cref="ArgumentException">The code is empty or longer than 255 characters.</exception>
    IKameleoonClient ForVisitor(string visitorCode);

    /// <summary>Gives the client of a request's visitor, where none can be injected: in a SignalR hub, a filter, or the
    /// code behind a web socket. It is the same one that is injected elsewhere in that request.</summary>
    /// <param name="context">The request.</param>
    /// <exception cref="InvalidOperationException">The request did not come through
    /// <c>UseKameleoonVisitorCode</c>.</exception>
    IKameleoonClient ForRequest(HttpContext context);

    /// <summary>Sends what was added of any visitor and the platform has not heard of, and what waits to be sent, now
    /// instead of when each visitor does something and the interval is over.</summary>
    /// <param name="cancellationToken">Ends the waiting, not the sending.</param>
    /// <returns>Whether all of it is safe, as <see cref="IKameleoonClient.FlushAsync"/> says. What waits for consent
    /// goes on waiting.</returns>
    Task<bool> FlushAsync(CancellationToken cancellationToken = default);
}

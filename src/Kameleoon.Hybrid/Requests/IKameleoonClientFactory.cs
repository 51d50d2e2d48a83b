using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Creates clients of any visitor, for jobs, message handlers and endpoints of mobile applications.</summary>
/// <remarks>A singleton, safe for concurrent use.</remarks>
public interface IKameleoonClientFactory
{
    /// <summary>Creates a client of a visitor. The server reports its exposures, because there is no page. It never
    /// counts as a bot, even in a bot's request.</summary>
    /// <param name="visitorCode">The visitor's code: 1 to 255 characters.</param>
    /// <exception cref="ArgumentException">The code is empty or longer than 255 characters.</exception>
    IKameleoonClient ForVisitor(string visitorCode);

    /// <summary>Returns the client of a request's visitor where it cannot be injected: in a SignalR hub, a filter or a
    /// WebSocket handler. It is the instance that is injected elsewhere in that request.</summary>
    /// <param name="context">The request.</param>
    /// <exception cref="InvalidOperationException">The request did not come through
    /// <c>UseKameleoonVisitorCode</c>.</exception>
    IKameleoonClient ForRequest(HttpContext context);

    /// <summary>Sends added data of all visitors and all queued events now, instead of with each visitor's next tracked
    /// action and the next tracking interval.</summary>
    /// <param name="cancellationToken">Cancels the wait, not the sending.</param>
    /// <returns>True if all of them are accepted or stored, as for <see cref="IKameleoonClient.FlushAsync"/>. Events that
    /// wait for consent are not included.</returns>
    Task<bool> FlushAsync(CancellationToken cancellationToken = default);
}

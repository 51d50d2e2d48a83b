namespace Kameleoon.Hybrid;

/// <summary>Gives the client of any visitor: in jobs, message handlers, and endpoints for mobile applications.</summary>
/// <remarks>A singleton, safe for concurrent use. Its clients are never bots, whatever request they are used in.
/// </remarks>
public interface IKameleoonClientFactory
{
    /// <summary>Creates a client whose exposures the server reports, since there is no page that could.</summary>
    /// <param name="visitorCode">The visitor's code: 1 to 255 characters.</param>
    /// <exception cref="ArgumentException">The code is empty or longer than 255 characters.</exception>
    IKameleoonClient ForVisitor(string visitorCode);
}

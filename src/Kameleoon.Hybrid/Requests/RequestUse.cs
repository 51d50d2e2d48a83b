namespace Kameleoon.Hybrid;

/// <summary>While it is not disposed, the request that a client reads is not given to another visitor.</summary>
/// <remarks>An application may use the client in work that runs beside the response or outlives it. The server uses the
/// objects of a request again for the next one, so the end of a request waits for the calls that have begun.</remarks>
internal readonly ref struct RequestUse
{
    private readonly VisitorRequest? _request;

    /// <param name="request">The request, or null outside of requests.</param>
    internal RequestUse(VisitorRequest? request)
    {
        _request = request;
        request?.BeginUse();
    }

    public void Dispose() => _request?.EndUse();
}

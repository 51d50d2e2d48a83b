namespace Microsoft.AspNetCore.Http;

/// <summary>Extends responses with instructions for pages that were decided for a visitor.</summary>
public static class KameleoonHttpResponseExtensions
{
    /// <summary>Makes the browser discard the prefetched and prerendered pages of this site.</summary>
    /// <param name="response">A response that signs a user in or out, or stores consent. Pages that were fetched before
    /// it were decided for the earlier visitor, and may be shown minutes later.</param>
    /// <remarks>Sends <c>Clear-Site-Data: "prefetchCache", "prerenderCache"</c>, which browsers apply on https only and
    /// some do not support.</remarks>
    /// <exception cref="InvalidOperationException">The response has started.</exception>
    public static void ForgetPrefetchedPages(this HttpResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        response.Headers.Append("Clear-Site-Data", "\"prefetchCache\", \"prerenderCache\"");
    }
}

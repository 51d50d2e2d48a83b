namespace Microsoft.AspNetCore.Http;

/// <summary>Tells browsers what to do with pages that were decided for a visitor.</summary>
public static class KameleoonHttpResponseExtensions
{
    /// <summary>Makes the browser drop what it fetched ahead or prerendered of this site, in this very response.</summary>
    /// <param name="response">A response that logs a visitor in or out, or gives consent: pages fetched before were
    /// decided for who the visitor was then, and may be shown minutes later.</param>
    /// <remarks>Sends <c>Clear-Site-Data: "prefetchCache", "prerenderCache"</c>, which browsers heed on https only and
    /// some do not know.</remarks>
    /// <exception cref="InvalidOperationException">The response has started.</exception>
    public static void ForgetPrefetchedPages(this HttpResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        response.Headers.Append("Clear-Site-Data", "\"prefetchCache\", \"prerenderCache\"");
    }
}

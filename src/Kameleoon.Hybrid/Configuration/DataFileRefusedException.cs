using System.Globalization;
using System.Net;

namespace Kameleoon.Hybrid;

/// <summary>The configuration service answered, but not with a data file.</summary>
#pragma warning disable CA1032 // Only this library throws it.
internal sealed class DataFileRefusedException(HttpStatusCode status, TimeSpan? retryAfter) : HttpRequestException(
    string.Create(
        CultureInfo.InvariantCulture, $"The configuration service answered {(int)status} ({status}){Hint(status)}."),
    inner: null,
    status)
#pragma warning restore CA1032
{
    /// <summary>How long the service asks to be left alone.</summary>
    internal TimeSpan? RetryAfter { get; } = retryAfter;

    private static string Hint(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound or HttpStatusCode.Forbidden => ", as it does where it does not know Kameleoon:SiteCode",
        HttpStatusCode.NotModified => " without having been told what is known",
        _ => "",
    };
}

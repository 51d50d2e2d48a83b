using System.Globalization;
using System.Net;
using Kameleoon.Hybrid.Decisions;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Kameleoon.Hybrid;

/// <summary>Names failures by OpenTelemetry's convention for <c>error.type</c>: few values, one for each
/// cause.</summary>
internal static class ErrorType
{
    /// <summary>The tag.</summary>
    internal const string Tag = "error.type";

    internal const string Timeout = "timeout";

    /// <summary>Returns the status of a response that is neither a success nor <c>304</c>, else null.</summary>
    internal static string? Of(HttpStatusCode status) =>
        (int)status is >= 200 and < 300 or (int)HttpStatusCode.NotModified
            ? null
            : ((int)status).ToString(CultureInfo.InvariantCulture);

    internal static string Of(Exception exception) => exception switch
    {
        DataFileException => "invalid_data_file",
        BrokenCircuitException => "circuit_open",
        TimeoutRejectedException or TimeoutException or OperationCanceledException => Timeout,
        InvalidDataException => "invalid_content",
        HttpRequestException { StatusCode: { } status } => Of(status) ?? "unexpected_answer",
        HttpRequestException { InnerException: InvalidDataException } => "invalid_content",
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } http => Of(http.HttpRequestError),
        HttpRequestException { InnerException: IOException } => "connection_reset",
        _ => exception.GetType().FullName!,
    };

    // The same names as in the framework's HTTP metrics.
    private static string Of(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "name_resolution_error",
        HttpRequestError.ConnectionError => "connection_error",
        HttpRequestError.SecureConnectionError => "secure_connection_error",
        HttpRequestError.HttpProtocolError => "http_protocol_error",
        HttpRequestError.InvalidResponse => "invalid_response",
        HttpRequestError.ResponseEnded => "response_ended",
        HttpRequestError.ConfigurationLimitExceeded => "configuration_limit_exceeded",
        _ => "http_error",
    };
}

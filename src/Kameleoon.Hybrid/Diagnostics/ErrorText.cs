namespace Kameleoon.Hybrid;

/// <summary>Describes an exception in one sentence for the log.</summary>
internal static class ErrorText
{
    // The framework's own message about a connection often says only to look at the inner one.
    internal static string Of(Exception e) =>
        e is HttpRequestException { InnerException: { } cause } ? $"{e.Message} {cause.Message}" : e.Message;
}

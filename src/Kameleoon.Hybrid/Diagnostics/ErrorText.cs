namespace Kameleoon.Hybrid;

/// <summary>Describes an exception in one sentence for the log.</summary>
internal static class ErrorText
{
    // The framework's message about a connection often only refers to the inner exception.
    internal static string Of(Exception e) =>
        e is HttpRequestException { InnerException: { } cause } ? $"{e.Message} {cause.Message}" : e.Message;
}

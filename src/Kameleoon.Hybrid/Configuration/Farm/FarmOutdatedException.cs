using System.Globalization;

namespace Kameleoon.Hybrid;

/// <summary>No server of the farm has reached the platform for a while.</summary>
#pragma warning disable CA1032 // Only this library throws it.
internal sealed class FarmOutdatedException(DateTimeOffset confirmedAt) : HttpRequestException(string.Create(
    CultureInfo.InvariantCulture,
    $"The server that fetches the data file for all last reached the platform at {confirmedAt.UtcDateTime:u}."));
#pragma warning restore CA1032

namespace Kameleoon.Hybrid;

/// <summary>The events of an application's visitor.</summary>
internal sealed record EventsRequest(IReadOnlyList<AppEvent> Events);

/// <summary>One event.</summary>
/// <param name="Type"><c>conversion</c>, <c>customData</c>, <c>pageView</c> or <c>exposure</c>.</param>
/// <param name="GoalId">The goal of a conversion.</param>
/// <param name="Revenue">The revenue of a conversion.</param>
/// <param name="Index">The index of custom data; or give its name.</param>
/// <param name="Name">The name of custom data; or give its index.</param>
/// <param name="Values">The values of custom data.</param>
/// <param name="Address">The URL of a page view.</param>
/// <param name="Title">The title of a page view.</param>
/// <param name="Key">The flag of an exposure that was decided without tracking and is shown now.</param>
/// <param name="Id">The id of a conversion that is reported once in a session, however often it is sent.</param>
internal sealed record AppEvent(
    string Type,
    int? GoalId = null,
    decimal? Revenue = null,
    int? Index = null,
    string? Name = null,
    IReadOnlyList<string>? Values = null,
    string? Address = null,
    string? Title = null,
    string? Key = null,
    string? Id = null);

/// <summary>The number of accepted events, and whether an earlier request with the same key was accepted
/// already.</summary>
internal sealed record EventsAnswer(int Accepted, bool Replayed);

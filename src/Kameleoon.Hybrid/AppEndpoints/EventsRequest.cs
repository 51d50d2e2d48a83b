namespace Kameleoon.Hybrid;

/// <summary>What an application tells of its visitor.</summary>
internal sealed record EventsRequest(IReadOnlyList<AppEvent> Events);

/// <summary>One thing that happened.</summary>
/// <param name="Type"><c>conversion</c>, <c>customData</c>, <c>pageView</c> or <c>exposure</c>.</param>
/// <param name="GoalId">Of a conversion.</param>
/// <param name="Revenue">Of a conversion.</param>
/// <param name="Index">Of custom data, or its name.</param>
/// <param name="Name">Of custom data, or its index.</param>
/// <param name="Values">Of custom data.</param>
/// <param name="Address">Of a page view.</param>
/// <param name="Title">Of a page view.</param>
/// <param name="Key">Of an exposure: the flag that was decided untracked, and is shown now.</param>
/// <param name="Id">Of a conversion that is reported once in a session, however often it is sent.</param>
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

/// <summary>How many events were taken, and whether by an earlier request with the same key.</summary>
internal sealed record EventsAnswer(int Accepted, bool Replayed);

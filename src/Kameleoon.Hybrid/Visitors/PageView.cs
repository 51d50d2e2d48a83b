using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>A page that the visitor viewed. Once one was added, added pages replace the request's own
/// address.</summary>
/// <param name="Address">The page's URL as the browser shows it. A page with an empty URL is discarded; one of more
/// than 2,048 characters is not sent.</param>
/// <param name="Title">The page's title, or null when unknown. The first 256 characters are sent.</param>
/// <param name="Referrers">The indices of the visitor's acquisition channels, each from 0.</param>
/// <remarks>A page that is viewed again before it was sent is sent once.</remarks>
public sealed record PageView(string Address, string? Title = null, IReadOnlyList<int>? Referrers = null) : IVisitorData
{
    private const int MaxAddress = 2048;
    private const int MaxTitle = 256;

    private readonly ValueArray<int> _referrers = new(Copy(Referrers));

    /// <summary>The page's URL as the browser shows it.</summary>
    public string Address { get; } = Address ?? throw new ArgumentNullException(nameof(Address));

    /// <summary>The indices of the visitor's acquisition channels.</summary>
    public IReadOnlyList<int>? Referrers => _referrers.Items;

    TrackingEventKind? IVisitorData.Kind => TrackingEventKind.PageView;

    int IVisitorData.TextSize => sizeof(char) * (Address.Length + (Title?.Length ?? 0));

    bool IVisitorData.IsTooLong => Address.Length > MaxAddress;

    bool IVisitorData.Replaces(IVisitorData earlier) =>
        earlier is PageView page && string.Equals(page.Address, Address, StringComparison.Ordinal);

    VisitorSnapshot IVisitorData.AddTo(VisitorSnapshot known)
    {
        if (Address.Length == 0)
        {
            return known;
        }

        var isSamePage = string.Equals(known.LatestPage?.Address, Address, StringComparison.Ordinal);
        return known with
        {
            LatestPage = new VisitorPage(Address, Title),
            PreviousPage = isSamePage ? known.PreviousPage : known.LatestPage,
            PageViews = known.PageViews + 1,
        };
    }

    void IVisitorData.WriteTo(LineWriter line)
    {
        line.Text("eventType=page&href="u8);
        line.Encoded(Address);
        if (Title is { Length: > 0 })
        {
            line.Text("&title="u8);
            line.Encoded(Title.AsSpan(0, Math.Min(Title.Length, MaxTitle)));
        }

        if (Referrers is { Count: > 0 })
        {
            line.Text("&referrersIndices="u8);
            line.Json(Referrers, static (json, referrers) =>
            {
                json.WriteStartArray();
                foreach (var referrer in referrers)
                {
                    json.WriteNumberValue(referrer);
                }

                json.WriteEndArray();
            });
        }
    }

    private static int[]? Copy(IReadOnlyList<int>? referrers) => referrers is null ? null
        : referrers.All(static index => index >= 0) ? [.. referrers]
        : throw new ArgumentOutOfRangeException(nameof(referrers), "The index of an acquisition channel is 0 or more.");
}

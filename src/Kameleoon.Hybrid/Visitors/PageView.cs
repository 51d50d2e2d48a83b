using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>A page the visitor looks at. Once one was added, added pages replace the request's own address.</summary>
/// <param name="Address">The page's URL as the browser shows it. An empty one is not kept.</param>
/// <param name="Title">The page's title, or null when unknown.</param>
public sealed record PageView(string Address, string? Title = null) : IVisitorData
{
    /// <summary>The page's URL as the browser shows it.</summary>
    public string Address { get; } = Address ?? throw new ArgumentNullException(nameof(Address));

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
}

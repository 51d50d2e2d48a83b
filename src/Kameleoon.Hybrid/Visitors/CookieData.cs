namespace Kameleoon.Hybrid;

/// <summary>The visitor's cookies. They replace those of the request. Never sent to the platform.</summary>
public sealed record CookieData : IVisitorData
{
    private readonly ValueArray<KeyValuePair<string, string>> _content;

    /// <summary>Copies the cookies.</summary>
    /// <param name="values">Values by name, decoded.</param>
    /// <exception cref="ArgumentException">A name or a value is null.</exception>
    public CookieData(IEnumerable<KeyValuePair<string, string>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        KeyValuePair<string, string>[] copy = [.. values];
        if (Array.Exists(copy, cookie => cookie is { Key: null } or { Value: null }))
        {
            throw new ArgumentException("A cookie has a name and a value.", nameof(values));
        }

        _content = new(copy);
    }

    /// <summary>Values by name.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Values => _content.Items!;

    VisitorSnapshot IVisitorData.AddTo(VisitorSnapshot known) => known with { Cookies = Values };
}

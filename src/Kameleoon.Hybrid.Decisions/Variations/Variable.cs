using System.Text.Json;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>One typed value of a variation.</summary>
/// <param name="Key">The variable's key.</param>
/// <param name="Type">The type the data file declares: <c>BOOLEAN</c>, <c>NUMBER</c>, <c>STRING</c>, <c>JSON</c>,
/// <c>JS</c>, <c>CSS</c>, or a newer type unchanged.</param>
/// <param name="Value">A <see cref="bool"/>, an <see cref="int"/>, <see cref="long"/> or <see cref="double"/>
/// (the first that holds the number), a <see cref="string"/>, a <see cref="JsonElement"/> for JSON, or null when
/// the data file holds no value or text that is not JSON.</param>
public sealed record Variable(string Key, string Type, object? Value)
{
    /// <summary>The value.</summary>
    public object? Value
    {
        get => field is LazyJson json ? json.Value : field;
        init;
    } = Value;

    /// <summary>Whether the value is code that the browser engine runs (<c>JS</c> or <c>CSS</c>).</summary>
    public bool RunsInBrowser => Type is "JS" or "CSS";
}

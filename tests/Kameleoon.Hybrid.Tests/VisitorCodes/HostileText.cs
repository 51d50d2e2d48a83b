using System.Text;

namespace Kameleoon.Hybrid.Tests;

#pragma warning disable CA5394 // A random number that nobody could foretell could not be repeated either.

/// <summary>Makes up what attackers and broken software put into cookies and addresses; the same for the same seed.</summary>
internal sealed class HostileText(int seed)
{
    private static readonly string[] Pieces =
    [
        "kameleoonVisitorCode=", "kameleoonVisitorCode=", "kameleoonVisitorCode=", "kameleoonVisitorCode", "KAMELEOONVISITORCODE=",
        "kameleoonVisitorCodeStamp=", "xkameleoonVisitorCode=", "kameleoonVisitorCode%3D", "visitorCode=",
        ";", "; ", ";;", "&", "=", "==", ",", " ", "\t", "\"", "'", "\\", "`", "<", ">", "|", "~", "?", "#", "%", "+",
        "\r\n", "\n", "\r", "\r\nSet-Cookie: owned=1", "%0d%0aSet-Cookie:%20owned=1", "\0", "%00", "\u0001", "\u007f", "\u0080",
        "<script>alert(1)</script>", "</script>", "<!--", "\" onload=\"x", "${x}", "{{7*7}}", "../../etc/passwd", "%%%", "%zz",
        "é", "\u2028", "\ufeff", "\u202e", "😀", "\ud800", "\udc00", "ﬁ", "İ", "\uff1b",
        "vc10ctbql0zpf4rw", "A-z_0.9~", "user%40x", "user@x", "20000.vc10ctbql0zpf4rw", "a", "_js_abc", "null", "undefined",
    ];

    private readonly Random _random = new(seed);

    internal string Next()
    {
        var text = new StringBuilder();
        for (var left = _random.Next(12); left > 0; left--)
        {
            _ = _random.Next(20) switch
            {
                0 => text.Append('x', _random.Next(90, 110)),
                1 => text.Append('y', _random.Next(250, 260)),
                2 => text.Append(Pieces[_random.Next(Pieces.Length)][0], _random.Next(5000)),
                3 => text.Append((char)_random.Next(char.MaxValue + 1)),
                4 => text.Append((char)_random.Next(128)),
                _ => text.Append(Pieces[_random.Next(Pieces.Length)]),
            };
        }

        return text.ToString();
    }
}

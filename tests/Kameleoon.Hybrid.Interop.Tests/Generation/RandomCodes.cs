namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>Visitor codes of every size and alphabet.</summary>
internal sealed class RandomCodes(Dice dice)
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

    // Not here: lone surrogates (the core raises an error), "toString" and the like (it takes them for members of its
    // own objects) and line ends (where the patterns of JavaScript and .NET differ).
    private static readonly string[] Odd =
    [
        "0", " ", "a b", "zoé", "訪問者", "🎯🎯", "person-1", "person-2", "-1", "1e5", "null", "\"quoted\"", "a/b?c=d&e",
        "'; --", "\u0000", "ＡＢＣ", "e\u0301", "007", "undefined", "%41", "<b>", "İ",
    ];

    internal static bool IsValid(string code) => code is not ("" or { Length: > 255 });

    internal string Next() => dice.Below(20) switch
    {
        0 or 1 => dice.One(Odd),
        2 => Letters(255),
        3 => dice.One("", Letters(256), string.Concat(Enumerable.Repeat("é", 255)), new string('訪', 200)),
        4 => Letters(dice.Between(1, 120)),
        5 => dice.Between(1, 1_000_000_000).ToText(),
        _ => Letters(16),
    };

    private string Letters(int count) => new(Dice.Times(count, () => dice.One<char>(Alphabet)));
}

using System.Text.Json;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Server and engine accept the same visitor codes: both are tested with one table.</summary>
public sealed class VisitorCodeAlphabetTests
{
    private static readonly JsonElement Table = JsonElement.Parse(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "visitor-codes.json")));

    [Fact]
    public void The_server_accepts_the_characters_of_the_table_in_a_cookie_and_no_others()
    {
        var accepted = Enumerable.Range(0, char.MaxValue + 1)
            .Select(number => (char)number)
            .Where(letter => VisitorCode.IsValidInCookie(['a', letter, 'b']));

        string.Concat(accepted).ShouldBe(Table.GetProperty("allowed").GetString());
    }

    [Fact]
    public void A_visitor_code_of_a_cookie_has_1_to_255_characters()
    {
        var longest = Table.GetProperty("maxLength").GetInt32();

        int[] lengths = [.. new[] { 0, 1, longest, longest + 1 }.Where(length => VisitorCode.IsValidInCookie(new string('x', length)))];

        lengths.ShouldBe([1, longest]);
    }
}

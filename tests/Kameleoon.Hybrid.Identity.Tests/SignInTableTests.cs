using System.Globalization;
using System.Text;

namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>What happens to the code of a signed-in user's request, for every combination of what it depends on.</summary>
public sealed class SignInTableTests
{
    // Of the signed-in user: without a code, then with one; each with AdoptLinked, KeepBrowser, LinkOnly.
    // k keep the browser's, u it is the user's, a adopt the user's, c adopt if consented, n new visitor,
    // ? ask for the owner, l link the browser's, g link a generated one
    private const string Golden = """
        Unknown NoCode kkk kkk
        Unknown NotAsked ??? ???
        Unknown NoUser kkk kkk
        Unknown TooLong kkk kkk
        Unknown ThisUser kkk kkk
        Unknown ThisUserMerged kkk kkk
        Unknown AnotherUser nnn ccc
        Refused NoCode kkk kkk
        Refused NotAsked ??? ???
        Refused NoUser kkk kkk
        Refused TooLong kkk kkk
        Refused ThisUser kkk kkk
        Refused ThisUserMerged kkk kkk
        Refused AnotherUser nnn nnn
        InheritedFromCode NoCode kkk kkk
        InheritedFromCode NotAsked lll lll
        InheritedFromCode NoUser lll lll
        InheritedFromCode TooLong ggg aaa
        InheritedFromCode ThisUser uuu uuu
        InheritedFromCode ThisUserMerged kkk akk
        InheritedFromCode AnotherUser nnn ccc
        Given NoCode kkk aak
        Given NotAsked lll lll
        Given NoUser lll lll
        Given TooLong ggg aaa
        Given ThisUser uuu uuu
        Given ThisUserMerged kkk akk
        Given AnotherUser ggg aaa

        """;

    [Fact]
    public void Every_combination_has_exactly_one_row()
    {
        var wrong = from combination in Combinations()
                    let rows = SignInTable.Rules.Count(rule =>
                        rule.Matches(combination.Consent, combination.Owner, combination.HasCode, combination.Policy))
                    where rows != 1
                    select $"{combination}: {rows} rows";

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Every_combination_has_the_action_that_is_recorded()
    {
        var table = new StringBuilder();
        foreach (var row in Combinations().Chunk(6))
        {
            var letters = string.Concat(row.Select(combination => Letter(SignInTable.ActionFor(
                combination.Consent, combination.Owner, combination.HasCode, combination.Policy))));
            table.Append(CultureInfo.InvariantCulture, $"{row[0].Consent} {row[0].Owner} {letters[..3]} {letters[3..]}\n");
        }

        table.ToString().ShouldBe(Golden);
    }

    [Fact]
    public void Asking_and_linking_always_lead_to_an_action_that_ends()
    {
        CodeOwner[] answers = [CodeOwner.NoUser, CodeOwner.ThisUser, CodeOwner.ThisUserMerged, CodeOwner.AnotherUser];
        CodeOwner[] linked = [CodeOwner.ThisUser, CodeOwner.ThisUserMerged, CodeOwner.AnotherUser];
        foreach (var combination in Combinations())
        {
            foreach (var owner in ActionOf(combination) switch
            {
                SignInAction.AskOwner => answers,
                SignInAction.LinkBrowserCode => linked,
                _ => [],
            })
            {
                ActionOf(combination with { Owner = owner }).ShouldNotBeOneOf(SignInAction.AskOwner, SignInAction.LinkBrowserCode);
            }

            if (ActionOf(combination) == SignInAction.LinkNewCode)
            {
                ActionOf(combination with { HasCode = true }).ShouldBe(SignInAction.AdoptUserCode);
            }
        }
    }

    [Fact]
    public async Task The_guide_shows_the_rows_of_the_table()
    {
        var rows = string.Concat(SignInTable.Rules.Select(rule =>
            $"| {Names(rule.Consents)} | {Names(rule.Owners)} | {(rule.UserHasCode is { } has ? has ? "yes" : "no" : "any")} "
            + $"| {(rule.Policies.Length == 0 ? "any" : Names(rule.Policies))} | `{rule.Action}` |\n"));

        (await File.ReadAllTextAsync(Guide())).ShouldContain(rows);
    }

    private static IEnumerable<Combination> Combinations() =>
        from consent in Enum.GetValues<LinkConsent>()
        from owner in Enum.GetValues<CodeOwner>()
        from hasCode in (bool[])[false, true]
        from policy in Enum.GetValues<SignInPolicy>()
        select new Combination(consent, owner, hasCode, policy);

    private static SignInAction ActionOf(Combination combination) => SignInTable.ActionFor(
        combination.Consent, combination.Owner, combination.HasCode, combination.Policy);

    private static string Names<T>(IEnumerable<T> values) => string.Join(", ", values.Select(value => $"`{value}`"));

    private static string Guide()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Kameleoon.Hybrid.sln")))
        {
            folder = folder.Parent!;
        }

        return Path.Combine(folder.FullName, "docs", "reference", "sign-in.md");
    }

    private static char Letter(SignInAction action) => action switch
    {
        SignInAction.KeepBrowserCode => 'k',
        SignInAction.UseAsUserCode => 'u',
        SignInAction.AdoptUserCode => 'a',
        SignInAction.AdoptIfConsented => 'c',
        SignInAction.StartNewVisitor => 'n',
        SignInAction.AskOwner => '?',
        SignInAction.LinkBrowserCode => 'l',
        SignInAction.LinkNewCode => 'g',
        _ => '!',
    };

    private sealed record Combination(LinkConsent Consent, CodeOwner Owner, bool HasCode, SignInPolicy Policy);
}

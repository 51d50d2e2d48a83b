using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kameleoon.Hybrid.Architecture.Tests.Reference;

/// <summary>Writes the page of startup errors from the sentences in the code. A value that is known only at run time is an
/// ellipsis.</summary>
internal static partial class ErrorPage
{
    private static readonly string[] Excluded = ["Kameleoon.Hybrid.Testing", "Kameleoon.Hybrid.Decisions"];

    internal static string Write()
    {
        var files = Repository.SourceFiles()
            .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal)
                && !Excluded.Any(project => file.Contains($"/src/{project}", StringComparison.Ordinal)))
            .Select(static file => (Name: Path.GetFileName(file), Root: CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot()))
            .ToList();
        var nodes = files.SelectMany(static file => file.Root.DescendantNodes().Select(node => (file.Name, Node: node))).ToList();
        var calls = nodes.Where(static row => row.Name is not "OptionProblems.cs").Select(static row => row.Node)
            .OfType<InvocationExpressionSyntax>().ToList();
        var settings = calls
            .Where(static call => NameOf(call) is "Require" or "AddError" or "Fail")
            .SelectMany(static call => call.ArgumentList.Arguments.Select(static argument => TextOf(argument.Expression)))
            .Where(static text => text.Contains(". ", StringComparison.Ordinal));
        var mistakes = nodes.Select(static row => row.Node).OfType<ObjectCreationExpressionSyntax>()
            .Where(static creation => creation.Type.ToString() is "InvalidOperationException")
            .Select(static creation => TextOf(creation.ArgumentList!.Arguments[0].Expression))
            .Where(static text => text.Length > 40 && char.IsAsciiLetterUpper(text[0]));
        var ranges = calls
            .Where(static call => NameOf(call) is "RequireBetween" or "RequireKnown" or "RequireVisible" or "RequirePath" or "RequireEndpoint")
            .Select(static call => (Kind: NameOf(call), Setting: (NameOf(call) is "RequireEndpoint" ? "Endpoints:" : "")
                + ResilienceOf(TextOf(call.ArgumentList.Arguments[0].Expression))))
            .GroupBy(static call => call.Kind, static call => call.Setting, StringComparer.Ordinal)
            .ToDictionary(static kind => kind.Key, static kind => kind.Order(StringComparer.Ordinal), StringComparer.Ordinal);

        var page = new StringBuilder("""
            # Startup errors

            A wrong setting or a missing call stops the application's start, or the first use, with a sentence that names the setting and the
            fix. All wrong settings are named at once. [Settings](../settings.md) has the ranges. An ellipsis stands for a value.

            ## Values out of range


            """);
        Append(page, "Set it to a time from … to …. / Set it to a number from … to ….", ranges["RequireBetween"]);
        Append(page, "Set it to one of ….", ranges["RequireKnown"]);
        Append(page, "Set it to a text of visible ASCII characters without blanks.", ranges["RequireVisible"]);
        Append(page, "Set it to a path of this application that starts with '/'.", ranges["RequirePath"]);
        Append(page, "Set it to an http or https address without query.", ranges["RequireEndpoint"]);
        page.Append("## Other settings\n\n");
        AppendList(page, settings);
        page.Append("\n## Missing and wrong calls\n\nExceptions of the type `InvalidOperationException`:\n\n");
        AppendList(page, mistakes);
        return page.ToString();
    }

    private static void Append(StringBuilder page, string fix, IEnumerable<string> settings) => page
        .Append("> Kameleoon:… is …. ").Append(fix).Append("\n\n")
        .AppendJoin(", ", settings.Distinct(StringComparer.Ordinal).Select(static setting => $"`{setting}`")).Append("\n\n");

    private static void AppendList(StringBuilder page, IEnumerable<string> sentences)
    {
        foreach (var sentence in sentences.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            page.Append("- ").Append(Special.Replace(sentence, "\\$0").Replace("\n", " ", StringComparison.Ordinal)).Append('\n');
        }
    }

    private static string NameOf(InvocationExpressionSyntax call) =>
        call.Expression is MemberAccessExpressionSyntax member ? member.Name.Identifier.Text : call.Expression.ToString();

    // The settings of resilience are the same for each endpoint.
    private static string ResilienceOf(string setting) =>
        setting.StartsWith("…:", StringComparison.Ordinal) ? "Resilience:X" + setting[1..] : setting;

    private static string TextOf(ExpressionSyntax expression) => expression switch
    {
        LiteralExpressionSyntax literal when literal.Token.Value is string text => text,
        BinaryExpressionSyntax sum => TextOf(sum.Left) + TextOf(sum.Right),
        ParenthesizedExpressionSyntax inner => TextOf(inner.Expression),
        InterpolatedStringExpressionSyntax text => string.Concat(text.Contents.Select(static part =>
            part is InterpolatedStringTextSyntax fixedText ? fixedText.TextToken.ValueText : HoleOf((InterpolationSyntax)part))),
        InvocationExpressionSyntax call when NameOf(call) is "Create" => TextOf(call.ArgumentList.Arguments[^1].Expression),
        _ => "…",
    };

    // The names that the sandbox has for its settings.
    private static string HoleOf(InterpolationSyntax hole) => hole.Expression.ToString() switch
    {
        "Section" => "Kameleoon:Sandbox",
        "Setting" => "Kameleoon:Sandbox:DataFile",
        "Storage" => "Kameleoon:Sandbox:Storage",
        _ => "…",
    };

    [GeneratedRegex(@"[<*_]", RegexOptions.NonBacktracking)]
    private static partial Regex Special { get; }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kameleoon.Hybrid.Architecture.Tests.Sources;

/// <summary>The length of a method in lines, and its cyclomatic complexity: one, and one for each branch.</summary>
internal sealed record MethodSize(string Name, int Lines, int Complexity)
{
    internal static IEnumerable<MethodSize> AllIn(ProjectSources project) => project.Files.SelectMany(
        static file => file.GetRoot().DescendantNodes()
            .Where(static node => node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax)
            .Select(static node => new MethodSize(
                NameOf(node),
                node.ToString().Count(static character => character == '\n') + 1,
                1 + node.DescendantNodes().Count(IsBranch))));

    private static string NameOf(SyntaxNode node)
    {
        var type = node.FirstAncestorOrSelf<BaseTypeDeclarationSyntax>()?.Identifier.Text;
        var member = node switch
        {
            MethodDeclarationSyntax method => method.Identifier.Text,
            AccessorDeclarationSyntax accessor => accessor.FirstAncestorOrSelf<PropertyDeclarationSyntax>()?.Identifier.Text,
            _ => node.Kind().ToString(),
        };
        return $"{type}.{member}";
    }

    private static bool IsBranch(SyntaxNode node) => node.Kind()
        is SyntaxKind.IfStatement
        or SyntaxKind.ForStatement
        or SyntaxKind.ForEachStatement
        or SyntaxKind.ForEachVariableStatement
        or SyntaxKind.WhileStatement
        or SyntaxKind.DoStatement
        or SyntaxKind.CaseSwitchLabel
        or SyntaxKind.CasePatternSwitchLabel
        or SyntaxKind.CatchClause
        or SyntaxKind.ConditionalExpression
        or SyntaxKind.LogicalAndExpression
        or SyntaxKind.LogicalOrExpression
        or SyntaxKind.CoalesceExpression
        or SyntaxKind.CoalesceAssignmentExpression
        or SyntaxKind.WhenClause
        || node is SwitchExpressionArmSyntax { Pattern: not DiscardPatternSyntax };
}

using Kameleoon.Hybrid.Architecture.Tests.Sources;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>How long and how complex files, methods and constructors may be.</summary>
public sealed class SizeTests
{
    private const int MaxFileLines = 250;
    private const int MaxMethodLines = 60;
    private const int MaxComplexity = 12;
    private const int MaxConstructorParameters = 8;

    public static TheoryData<string> Projects() => [.. Repository.Packages];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_file_has_more_than_250_lines(string project)
    {
        var files = ProjectSources.Of(project).Files.ToArray();

        files.ShouldNotBeEmpty();
        files.Where(static file => file.GetText().Lines.Count - 1 > MaxFileLines)
            .Select(static file => file.FilePath)
            .ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_method_has_more_than_60_lines_or_a_complexity_above_12(string project)
    {
        var methods = MethodSize.AllIn(ProjectSources.Of(project)).ToArray();

        methods.ShouldNotBeEmpty();
        methods.Where(static method => method.Lines > MaxMethodLines || method.Complexity > MaxComplexity).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_constructor_of_a_class_has_more_than_eight_parameters(string project)
    {
        ProjectSources.Of(project).Files
            .SelectMany(static file => file.GetRoot().DescendantNodes())
            .Where(static node => Parameters(node) > MaxConstructorParameters)
            .Select(static node => node.FirstAncestorOrSelf<BaseTypeDeclarationSyntax>()!.Identifier.Text)
            .ShouldBeEmpty();
    }

    // Parameters of records are their members.
    private static int Parameters(Microsoft.CodeAnalysis.SyntaxNode node) => node switch
    {
        ClassDeclarationSyntax type => type.ParameterList?.Parameters.Count ?? 0,
        ConstructorDeclarationSyntax constructor => constructor.ParameterList.Parameters.Count,
        _ => 0,
    };
}

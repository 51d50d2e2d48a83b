using Kameleoon.Hybrid.Architecture.Tests.Sources;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>How types are tied to each other, and how options are called.</summary>
public sealed class WiringTests
{
    public static TheoryData<string> Projects() => [.. Repository.Packages];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_constructor_assigns_a_delegate_of_another_type(string project)
    {
        var sources = ProjectSources.Of(project);

        sources.Files.SelectMany(file => DelegatesAssigned(sources, file)).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_options_type_ends_in_options(string project)
    {
        var sources = ProjectSources.Of(project);

        sources.Files.SelectMany(file => OptionsTypes(sources, file))
            .Where(static type => !type.EndsWith("Options", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    private static IEnumerable<string> DelegatesAssigned(ProjectSources sources, SyntaxTree file)
    {
        var model = sources.ModelOf(file);
        foreach (var assignment in file.GetRoot().DescendantNodes().OfType<AssignmentExpressionSyntax>())
        {
            if (assignment.FirstAncestorOrSelf<ConstructorDeclarationSyntax>() is { } constructor
                && assignment.Parent is not InitializerExpressionSyntax
                && model.GetSymbolInfo(assignment.Left).Symbol is { } assigned
                && TypeOf(assigned) is { TypeKind: TypeKind.Delegate }
                && sources.Declares(assigned)
                && !SymbolEqualityComparer.Default.Equals(
                    assigned.ContainingType, model.GetDeclaredSymbol(constructor)!.ContainingType))
            {
                yield return $"{constructor.Identifier.Text} assigns {assigned.ContainingType.Name}.{assigned.Name}";
            }
        }
    }

    // What is asked for as options, checked as options, or belongs to what is.
    private static IEnumerable<string> OptionsTypes(ProjectSources sources, SyntaxTree file)
    {
        var model = sources.ModelOf(file);
        foreach (var node in file.GetRoot().DescendantNodes())
        {
            if (node is GenericNameSyntax { Identifier.Text: "IOptions" or "IOptionsMonitor" or "IValidateOptions" } name
                && model.GetTypeInfo(name.TypeArgumentList.Arguments[0]).Type is INamedTypeSymbol options
                && sources.Declares(options))
            {
                yield return options.Name;
            }

            if (node is ClassDeclarationSyntax declared
                && sources.FolderOf(file) == "Settings"
                && model.GetDeclaredSymbol(declared) is { DeclaredAccessibility: Accessibility.Public, IsStatic: false } type
                && type.GetMembers().OfType<IPropertySymbol>().Any(static member => member.SetMethod is not null))
            {
                yield return type.Name;
            }
        }
    }

    private static ITypeSymbol? TypeOf(ISymbol symbol) => symbol switch
    {
        IPropertySymbol property => property.Type,
        IFieldSymbol field => field.Type,
        IEventSymbol added => added.Type,
        _ => null,
    };
}

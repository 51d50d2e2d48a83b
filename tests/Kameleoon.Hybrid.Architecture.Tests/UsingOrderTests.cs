using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>Files list what they use in one order: System first, then by name; static ones and aliases at the end.</summary>
/// <remarks>The compiler and its analyzers check everything else of the style, but not this.</remarks>
public sealed class UsingOrderTests
{
    private static readonly string[] Folders = ["src", "tests", "samples"];

    [Fact]
    public void Usings_are_in_order()
    {
        var lists = Files().Select(file => (File: file, Usings: UsingsOf(File.ReadAllText(file)))).ToList();

        lists.Count.ShouldBeGreaterThan(500);
        lists.Where(list => !IsOrdered(list.Usings)).Select(list => list.File).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("using System; using System.Net; using Abc; using Abc.Def; using static System.Math; using A = Abc.B;", true)]
    [InlineData("using Abc; using System;", false)]
    [InlineData("using System; using Xyz; using Abc;", false)]
    [InlineData("using System.Net.Http; using System.Net;", false)]
    [InlineData("using static System.Math; using System;", false)]
    public void An_order_is_told_from_another(string usings, bool isOrder) => IsOrdered(UsingsOf(usings)).ShouldBe(isOrder);

    private static IEnumerable<string> Files() => Folders
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories));

    private static UsingDirectiveSyntax[] UsingsOf(string code) =>
        [.. CSharpSyntaxTree.ParseText(code).GetCompilationUnitRoot().Usings];

    private static bool IsOrdered(UsingDirectiveSyntax[] usings) =>
        usings.Zip(usings.Skip(1)).All(pair => Compare(pair.First, pair.Second) <= 0);

    private static int Compare(UsingDirectiveSyntax one, UsingDirectiveSyntax other)
    {
        var (first, second) = (KeyOf(one), KeyOf(other));
        return first.Kind != second.Kind
            ? first.Kind.CompareTo(second.Kind)
            : first.Parts.Zip(second.Parts)
                .Select(pair => string.Compare(pair.First, pair.Second, StringComparison.OrdinalIgnoreCase))
                .Append(first.Parts.Length.CompareTo(second.Parts.Length))
                .FirstOrDefault(order => order != 0);
    }

    private static (int Kind, string[] Parts) KeyOf(UsingDirectiveSyntax directive)
    {
        var parts = directive.NamespaceOrType.ToString().Split('.');
        return directive switch
        {
            { Alias: { } alias } => (3, [alias.Name.ToString()]),
            { StaticKeyword.RawKind: not 0 } => (2, parts),
            _ => (parts[0] == "System" ? 0 : 1, parts),
        };
    }
}

using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kameleoon.Hybrid.Architecture.Tests.Sources;

/// <summary>The C# of one project in <c>src</c>, compiled in memory so that tests can ask what its code mentions.</summary>
internal sealed class ProjectSources
{
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; "
        + "global using System.Net.Http; global using System.Threading; global using System.Threading.Tasks;";

    private static readonly Dictionary<string, ProjectSources> Known = new(StringComparer.Ordinal);

    private readonly string _folder;
    private readonly CSharpCompilation _compilation;
    private readonly Lazy<IReadOnlyList<Mention>> _mentions;

    private ProjectSources(string project)
    {
        _folder = Path.Combine(Repository.Root, "src", project);
        var parsing = new CSharpParseOptions(LanguageVersion.Preview);
        var trees = Directory.EnumerateFiles(_folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains("/node_modules/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), parsing, file))
            .Append(CSharpSyntaxTree.ParseText(ImplicitUsings, parsing));
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => !string.Equals(Path.GetFileNameWithoutExtension(path), project, StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        _compilation = CSharpCompilation.Create(
            project, trees, references, new(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        _mentions = new(() => [.. Files.SelectMany(MentionsIn).Distinct()]);
    }

    /// <summary>The source files, without the implicit usings.</summary>
    internal IEnumerable<SyntaxTree> Files => _compilation.SyntaxTrees.Where(static tree => tree.FilePath.Length > 0);

    /// <summary>Reads a project once for all tests.</summary>
    internal static ProjectSources Of(string project)
    {
        lock (Known)
        {
            return Known.TryGetValue(project, out var known) ? known : Known[project] = new ProjectSources(project);
        }
    }

    internal SemanticModel ModelOf(SyntaxTree file) => _compilation.GetSemanticModel(file);

    /// <summary>The first folder below the project, or an empty text for a file that lies in none.</summary>
    internal string FolderOf(SyntaxTree file) =>
        Path.GetDirectoryName(Path.GetRelativePath(_folder, file.FilePath))!.Split('/')[0];

    /// <summary>The folders that hold source files.</summary>
    internal IReadOnlyList<string> Folders() => [.. Files.Select(FolderOf).Distinct(StringComparer.Ordinal)];

    /// <summary>Every place where a type of one folder mentions a type of another.</summary>
    internal IReadOnlyList<Mention> Mentions => _mentions.Value;

    /// <summary>Whether a symbol is declared in this project.</summary>
    internal bool Declares(ISymbol symbol) =>
        symbol.Locations[0].SourceTree is { FilePath.Length: > 0 } file && _compilation.ContainsSyntaxTree(file);

    private IEnumerable<Mention> MentionsIn(SyntaxTree file)
    {
        var model = ModelOf(file);
        var from = FolderOf(file);
        foreach (var node in file.GetRoot().DescendantNodes(static node => node is not UsingDirectiveSyntax))
        {
            if (node is not (SimpleNameSyntax { IsVar: false } or BaseObjectCreationExpressionSyntax))
            {
                continue;
            }

            var symbol = model.GetSymbolInfo(node).Symbol;
            if ((symbol as INamedTypeSymbol ?? symbol?.ContainingType) is { IsTupleType: false, IsAnonymousType: false } type
                && Declares(type)
                && FolderOf(type.Locations[0].SourceTree!) is var to
                && !string.Equals(from, to, StringComparison.Ordinal))
            {
                yield return new Mention(from, to, Path.GetFileNameWithoutExtension(file.FilePath), type.Name);
            }
        }
    }
}

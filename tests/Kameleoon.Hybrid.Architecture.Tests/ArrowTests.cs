using System.Reflection;
using System.Runtime.CompilerServices;

namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>The arrows of docs/architecture.md, read from the compiled assemblies.</summary>
public sealed class ArrowTests
{
    [Fact]
    public void The_kernel_knows_nothing_but_the_framework_s_base_library()
    {
        var references = References("Kameleoon.Hybrid.Decisions");

        references.ShouldNotBeEmpty();
        references.ShouldAllBe(name => name.StartsWith("System.", StringComparison.Ordinal));
    }

    [Fact]
    public void The_library_knows_the_kernel_and_neither_sandbox_nor_database()
    {
        References("Kameleoon.Hybrid").Where(IsOurs).ShouldBe(["Kameleoon.Hybrid.Decisions"]);
    }

    [Fact]
    public void The_sandbox_knows_the_kernel_only()
    {
        References("Kameleoon.Hybrid.Sandbox").Where(IsOurs).ShouldBe(["Kameleoon.Hybrid.Decisions"]);
    }

    [Fact]
    public void The_database_knows_the_library_and_nobody_knows_the_database()
    {
        References("Kameleoon.Hybrid.EntityFrameworkCore").Where(IsOurs).ShouldBe(["Kameleoon.Hybrid"]);
        References("Kameleoon.Hybrid").ShouldAllBe(name => !name.Contains("EntityFramework"));
    }

    [Fact]
    public void Each_package_of_a_database_knows_its_own_provider_and_the_common_part_knows_none()
    {
        Providers("Kameleoon.Hybrid.EntityFrameworkCore").ShouldBeEmpty();
        Providers("Kameleoon.Hybrid.EntityFrameworkCore.Sqlite").ShouldBe(["Microsoft.EntityFrameworkCore.Sqlite"]);
        Providers("Kameleoon.Hybrid.EntityFrameworkCore.PostgreSql").ShouldBe(["Npgsql.EntityFrameworkCore.PostgreSQL"]);
    }

    [Fact]
    public void Redis_knows_the_library_and_the_library_knows_no_redis()
    {
        References("Kameleoon.Hybrid.Redis").Where(IsOurs).ShouldBe(["Kameleoon.Hybrid"]);
        References("Kameleoon.Hybrid").ShouldAllBe(name => !name.Contains("Redis"));
    }

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Concrete_classes_are_sealed(string assembly)
    {
        var open = Assembly.LoadFrom(Repository.PathOf(assembly)).GetTypes()
            .Where(type => type is { IsClass: true, IsAbstract: false, IsSealed: false })
            .Where(type => !type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false))
            .Where(type => type.Namespace?.StartsWith("Kameleoon", StringComparison.Ordinal) == true
                && !type.FullName!.Contains('<', StringComparison.Ordinal))
            .Select(type => type.FullName);

        open.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("P:System.DateTime.Now")]
    [InlineData("P:System.DateTime.UtcNow")]
    [InlineData("P:System.DateTimeOffset.UtcNow")]
    [InlineData("P:System.DateTimeOffset.Now")]
    [InlineData("M:System.Threading.Thread.Sleep(System.Int32)")]
    [InlineData("M:System.Net.Http.HttpClient.#ctor")]
    [InlineData("M:System.Runtime.CompilerServices.TaskAwaiter.GetResult")]
    public void The_compiler_rejects_a_banned_member_in_every_product_project(string member)
    {
        var sources = Path.Combine(Repository.Root, "src");
        File.ReadLines(Path.Combine(sources, "BannedSymbols.txt"))
            .ShouldContain(line => line.StartsWith(member + ";", StringComparison.Ordinal));
        var shared = File.ReadAllText(Path.Combine(sources, "Directory.Build.props"));
        shared.ShouldContain("Microsoft.CodeAnalysis.BannedApiAnalyzers");
        shared.ShouldContain("BannedSymbols.txt");
        Repository.SourceFiles()
            .Where(file => File.ReadAllText(file).Contains("RS0030", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    [Fact]
    public void No_source_file_is_longer_than_four_hundred_lines()
    {
        Repository.SourceFiles().ShouldNotBeEmpty();
        Repository.SourceFiles().Where(file => File.ReadLines(file).Count() > 400).ShouldBeEmpty();
    }

    public static TheoryData<string> Assemblies() => [.. Repository.Packages];

    private static List<string> Providers(string assembly) => [.. References(assembly).Where(static name =>
        name.Contains("EntityFrameworkCore", StringComparison.Ordinal) && !IsOurs(name)
        && name is not ("Microsoft.EntityFrameworkCore" or "Microsoft.EntityFrameworkCore.Abstractions"
            or "Microsoft.EntityFrameworkCore.Relational"))];

    private static bool IsOurs(string name) => name.StartsWith("Kameleoon", StringComparison.Ordinal);

    private static List<string> References(string assembly) =>
        [.. Assembly.LoadFrom(Repository.PathOf(assembly)).GetReferencedAssemblies().Select(name => name.Name!)];
}

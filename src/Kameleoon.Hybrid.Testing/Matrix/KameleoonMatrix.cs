using System.Collections.Concurrent;
using Kameleoon.Hybrid.Sandbox;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Testing;

/// <summary>Tests every combination of variations that visitors can get.</summary>
/// <remarks>
/// What visitors can get is read from the project: a flag that is off has one variation, of a mutually exclusive group one flag
/// at most has another variation than its default, and a rule for everybody ends the list of rules. Segments count as met by
/// some visitors. Beyond a limit there are fewer combinations, in which each two variations of different flags occur together.
/// </remarks>
public static class KameleoonMatrix
{
    /// <summary>The number of combinations up to which all are tested.</summary>
    public const int DefaultLimit = 64;

    /// <summary>Returns the combinations of some flags of a project.</summary>
    /// <param name="project">A project of the sandbox, or a data file of the platform.</param>
    /// <param name="flags">The keys of the flags.</param>
    /// <param name="environment">The environment; null means <c>production</c>.</param>
    /// <param name="limit">The number of combinations above which only pairs are covered, at least 1.</param>
    /// <exception cref="ArgumentException">The project has mistakes, or no such flag.</exception>
    public static IReadOnlyList<KameleoonCombination> Of(
        ReadOnlySpan<byte> project, IEnumerable<string> flags, string? environment = null, int limit = DefaultLimit)
    {
        ArgumentNullException.ThrowIfNull(flags);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        try
        {
            var compiled = CompiledProject.Read(
                project.ToArray(), new Dictionary<string, FlagEdit>(StringComparer.Ordinal), DateTimeOffset.UnixEpoch);
            return Of(compiled, flags, environment, limit);
        }
        catch (ProjectException e)
        {
            throw new ArgumentException(
                string.Join('\n', e.Mistakes.Select(static mistake => mistake.Sentence)), nameof(project), e);
        }
    }

    /// <summary>Runs a test for every combination of some flags of the application's project, several at once.</summary>
    /// <param name="factory">The application, with the sandbox.</param>
    /// <param name="flags">The keys of the flags.</param>
    /// <param name="test">The test of one combination, with a client of its visitor.</param>
    /// <param name="limit">The number of combinations above which only pairs are covered, at least 1.</param>
    /// <param name="cancellationToken">Cancels the rest.</param>
    /// <exception cref="AggregateException">Tests failed. Each inner message begins with its combination.</exception>
    public static async Task TestEachAsync<TEntryPoint>(
        this WebApplicationFactory<TEntryPoint> factory,
        IEnumerable<string> flags,
        Func<KameleoonCombination, HttpClient, Task> test,
        int limit = DefaultLimit,
        CancellationToken cancellationToken = default)
        where TEntryPoint : class
    {
        ArgumentNullException.ThrowIfNull(flags);
        ArgumentNullException.ThrowIfNull(test);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var project = factory.GetSandbox().Project ?? throw new InvalidOperationException(
            "The sandbox has no project to serve. Its log says why.");
        var environment = factory.Services.GetRequiredService<IOptions<KameleoonOptions>>().Value.Environment;
        var combinations = Of(project, flags, environment, limit);
        await factory.ChangeAsync(
            sandbox =>
            {
                foreach (var combination in combinations)
                {
                    combination.Force(sandbox);
                }
            },
            cancellationToken);

        var failures = new ConcurrentQueue<Exception>();
        await Parallel.ForEachAsync(combinations, cancellationToken, async (combination, _) =>
        {
            using var client = factory.CreateClientOf(combination.VisitorCode);
            try
            {
                await test(combination, client);
            }
#pragma warning disable CA1031 // Each failure is reported with its combination, after the others have run.
            catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
            {
                failures.Enqueue(new InvalidOperationException($"{combination}: {e.Message}", e));
            }
        });
        if (!failures.IsEmpty)
        {
            throw new AggregateException($"{failures.Count} of {combinations.Count} combinations failed.", failures);
        }
    }

    private static IReadOnlyList<KameleoonCombination> Of(
        CompiledProject project, IEnumerable<string> flags, string? environment, int limit)
    {
        var named = environment is { Length: > 0 } ? environment : "production";
        var views = FlagView.Of(project.WithoutEdits(named), new Dictionary<string, FlagEdit>(StringComparer.Ordinal));
        var factors = Factor.Of(views, flags);
        var wanted = Coverage.Of([.. factors.Select(static factor => factor.Choices.Count)], limit)
            .Select(row => (IReadOnlyDictionary<string, string>)row
                .SelectMany((choice, factor) => factors[factor].Choices[choice])
                .ToDictionary(StringComparer.Ordinal))
            .ToList();
        return new ForcedVisitors(project, named).Find(wanted);
    }
}

using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Kameleoon.Hybrid.Testing;

/// <summary>Checks that the control group of an experiment sees what everybody sees without the experiment.</summary>
public static partial class KameleoonControl
{
    /// <summary>Compares a page of a visitor with a flag's default variation to the same page with the flag switched off.
    /// </summary>
    /// <param name="factory">The application, with the sandbox. For the time of the check the flag is off for everybody.</param>
    /// <param name="featureKey">The flag.</param>
    /// <param name="path">The path of the page.</param>
    /// <param name="normalize">Removes what differs between two requests for any page, for example the time. Nonces, tokens
    /// against forgery and the tags of this library are removed already.</param>
    /// <param name="cancellationToken">Cancels the check.</param>
    /// <exception cref="InvalidOperationException">The pages differ; the message has the first line that does.</exception>
    public static async Task ControlEqualsOffAsync<TEntryPoint>(
        this WebApplicationFactory<TEntryPoint> factory,
        string featureKey,
        string path,
        Func<string, string>? normalize = null,
        CancellationToken cancellationToken = default)
        where TEntryPoint : class
    {
        ArgumentNullException.ThrowIfNull(featureKey);
        ArgumentNullException.ThrowIfNull(path);
        var flag = factory.GetSandbox().Project?.Flags.FirstOrDefault(one => string.Equals(one.Key, featureKey, StringComparison.Ordinal))
            ?? throw new ArgumentException($"The project has no flag \"{featureKey}\".", nameof(featureKey));
        var code = "control-" + featureKey;
        await factory.ChangeAsync(sandbox => sandbox.ForceVariation(featureKey, flag.Default, code), cancellationToken);
        var control = await ReadAsync(factory, code, path, normalize, cancellationToken);
        string off;
        try
        {
            await factory.ChangeAsync(sandbox => sandbox.SetFlag(featureKey, enabled: false), cancellationToken);
            off = await ReadAsync(factory, code, path, normalize, cancellationToken);
        }
        finally
        {
            await factory.ChangeAsync(sandbox => sandbox.SetFlag(featureKey, flag.Enabled), CancellationToken.None);
        }

        foreach (var (number, (expected, actual)) in Lines(off).Zip(Lines(control)).Index())
        {
            if (!string.Equals(expected, actual, StringComparison.Ordinal))
            {
                throw new InvalidOperationException(
                    $"With {featureKey} = {flag.Default}, {path} differs from the page with the flag switched off, first in line {number + 1}:\n"
                    + $"off:     {expected.Trim()}\ncontrol: {actual.Trim()}");
            }
        }
    }

    private static async Task<string> ReadAsync<TEntryPoint>(
        WebApplicationFactory<TEntryPoint> factory, string code, string path, Func<string, string>? normalize, CancellationToken cancellation)
        where TEntryPoint : class
    {
        using var client = factory.CreateClientOf(code);
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        var plain = Ours.Replace(Tokens.Replace(Nonces.Replace(text, ""), ""), "");
        return $"{(int)response.StatusCode}\n{normalize?.Invoke(plain) ?? plain}";
    }

    // One line more at the end, so that a page that goes on differs.
    private static IEnumerable<string> Lines(string text) => text.Split('\n').Append("(end)").Append("");

    [GeneratedRegex(@"<script\b[^>]*>[^<]*[Kk]ameleoon[^<]*</script>|<noscript><img[^>]*></noscript>", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Ours { get; }

    [GeneratedRegex(@"<input[^>]*__RequestVerificationToken[^>]*>", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Tokens { get; }

    [GeneratedRegex("\\snonce=\"[^\"]*\"", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Nonces { get; }
}

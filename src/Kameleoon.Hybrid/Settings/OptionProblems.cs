using System.Globalization;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Collects invalid settings, each with a sentence that names the setting and the fix.</summary>
internal sealed class OptionProblems
{
    private readonly ValidateOptionsResultBuilder _problems = new();

    internal ValidateOptionsResult Build() => _problems.Build();

    internal void Require(bool holds, string sentence)
    {
        if (!holds)
        {
            _problems.AddError(sentence);
        }
    }

    internal void RequireBetween(string setting, TimeSpan value, TimeSpan least, TimeSpan most) =>
        Require(value >= least && value <= most, string.Create(CultureInfo.InvariantCulture,
            $"Kameleoon:{setting} is {value:c}. Set it to a time from {least:c} to {most:c}."));

    internal void RequireBetween(string setting, long value, long least, long most) =>
        Require(value >= least && value <= most, string.Create(CultureInfo.InvariantCulture,
            $"Kameleoon:{setting} is {value}. Set it to a number from {least} to {most}."));

    internal void RequireVisible(string setting, string value) =>
        Require(value.Length > 0 && !value.AsSpan().ContainsAnyExceptInRange('!', '~'),
            $"Kameleoon:{setting} is '{value}'. Set it to a text of visible ASCII characters without blanks.");

    internal void RequireKnown<T>(string setting, T value)
        where T : struct, Enum =>
        Require(Enum.IsDefined(value),
            $"Kameleoon:{setting} is {value}. Set it to one of {string.Join(", ", Enum.GetNames<T>())}.");

    internal void RequirePath(string setting, string value) => Require(value is ['/', not ('/' or '\\'), ..],
        $"Kameleoon:{setting} is '{value}'. Set it to a path of this application that starts with '/'.");

    internal void RequireEndpoint(string setting, Uri? value, bool pathAllowed = false) =>
        Require(value is null || (value.IsAbsoluteUri ? IsBase(value) : pathAllowed && IsPath(value)),
            $"Kameleoon:Endpoints:{setting} is '{value}'. Set it to an http or https address without query.");

    internal static bool IsBase(Uri value) =>
        value.Scheme is "http" or "https" && value.Query.Length == 0 && value.Fragment.Length == 0;

    internal static bool IsPath(Uri value) =>
        value.OriginalString is ['/', not '/', ..] text && !text.Contains('?', StringComparison.Ordinal);
}

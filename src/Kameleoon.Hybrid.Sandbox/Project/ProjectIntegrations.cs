using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Reads the integrations: built-in ones by <c>true</c> or their settings, custom ones by the body of a function.
/// </summary>
internal static class ProjectIntegrations
{
    internal static void Read(ProjectSection project, ProjectNames names)
    {
        if (project.Read("integrations") is { } found)
        {
            foreach (var (name, source) in ProjectSection.Of(found, names.Mistakes).Node.Members)
            {
                names.Integrations[name] = Body(name, source, names.Mistakes);
            }
        }

        // The engine's own settings may have scripts as well.
        foreach (var (name, source) in project.Read("engine")?.Find("integrations")?.Members ?? [])
        {
            names.Integrations.TryAdd(name, source.Text);
        }
    }

    /// <summary>Returns the body of the function; empty for one that has a mistake.</summary>
    private static string Body(string name, SourceNode source, Mistakes mistakes)
    {
        if (source.Kind == JsonTokenType.String)
        {
            return source.Text;
        }

        if (!BuiltInIntegrations.Settings.TryGetValue(name, out var settings))
        {
            mistakes.Add(source, $"No integration is built in under the name \"{name}\". There are "
                + $"{string.Join(", ", BuiltInIntegrations.Settings.Keys)}; one of your own is a text: the body of a "
                + "JavaScript function.");
            return "";
        }

        if (source.Kind == JsonTokenType.True)
        {
            return BuiltInIntegrations.Body(name);
        }

        if (!source.IsObject)
        {
            mistakes.Add(source, "This has to be true, an object with settings, or a text: the body of a JavaScript function.");
            return "";
        }

        foreach (var (setting, value) in source.Members)
        {
            if (!settings.Contains(setting, StringComparer.Ordinal))
            {
                var known = settings.Count == 0 ? "It has none" : $"It has {string.Join(", ", settings)}";
                mistakes.Add(value, $"\"{setting}\" is not a setting of {name}. {known}.");
            }
            else if (value.Kind is not (JsonTokenType.String or JsonTokenType.Number))
            {
                mistakes.Add(value, "This has to be a text or a number.");
            }
        }

        return BuiltInIntegrations.Body(name, ProjectSegments.PlainJson(source));
    }
}

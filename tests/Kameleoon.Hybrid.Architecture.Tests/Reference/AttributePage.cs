using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid.Architecture.Tests.Reference;

/// <summary>Writes the page of tags, components and their attributes from the types in the code.</summary>
internal static class AttributePage
{
    internal static string Write()
    {
        var page = new StringBuilder("""
            # Attributes of tags and components

            Every tag and component with its attributes and their types. [Tags and components](../tags.md) describes what they do.

            ## Tags

            | Tag | Attribute | Type |
            |---|---|---|

            """);
        foreach (var type in Types().Where(static type => type.IsAssignableTo(typeof(TagHelper))))
        {
            var tags = string.Join(", ", type.GetCustomAttributes<HtmlTargetElementAttribute>()
                .Select(static target => target.Attributes is { Length: > 0 } name ? $"`<{target.Tag} {name}>`" : $"`<{target.Tag}>`"));
            Append(page, tags, type.GetProperties()
                .Where(static property => IsSettable(property) && property.GetCustomAttribute<HtmlAttributeNotBoundAttribute>() is null)
                .Select(static property => (property.GetCustomAttribute<HtmlAttributeNameAttribute>()?.Name ?? Hyphenated(property.Name), property.PropertyType)));
        }

        page.Append("""

            ## Components

            In the namespace `Kameleoon.Hybrid.Components`.

            | Component | Parameter | Type |
            |---|---|---|

            """);
        foreach (var type in Types().Where(static type => type.IsAssignableTo(typeof(IComponent))))
        {
            Append(page, $"`<{type.Name}>`", type.GetProperties()
                .Where(static property => property.GetCustomAttribute<ParameterAttribute>() is not null)
                .Select(static property => (property.Name, property.PropertyType)));
        }

        return page.ToString();
    }

    private static IEnumerable<Type> Types() => Repository.Packages
        .SelectMany(static package => Assembly.LoadFrom(Repository.PathOf(package)).GetExportedTypes())
        .Where(static type => !type.IsAbstract)
        .OrderBy(static type => type.Name, StringComparer.Ordinal);

    private static bool IsSettable(PropertyInfo property) => property.SetMethod is { IsPublic: true };

    private static void Append(StringBuilder page, string name, IEnumerable<(string Name, Type Type)> attributes)
    {
        var rows = attributes.OrderBy(static attribute => attribute.Name, StringComparer.Ordinal).ToList();
        if (rows.Count == 0)
        {
            page.Append("| ").Append(name).Append(" | none | |\n");
        }

        foreach (var (attribute, type) in rows)
        {
            page.Append("| ").Append(name).Append(" | `").Append(attribute).Append("` | ").Append(NameOf(type)).Append(" |\n");
        }
    }

    private static string NameOf(Type type)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare switch
        {
            { IsEnum: true } => string.Join(", ", Enum.GetNames(bare).Select(static name => $"`{name}`")),
            _ when bare == typeof(bool) => "`true`, `false`",
            _ when bare == typeof(int) => "whole number",
            _ when bare == typeof(decimal) => "number",
            _ when bare == typeof(string) => "text",
            _ when bare == typeof(RenderFragment) => "content",
            _ when bare.IsAssignableTo(typeof(IEnumerable<string>)) => "texts",
            _ when bare.IsAssignableTo(typeof(IEnumerable<KeyValuePair<string, object>>)) => "attributes",
            _ => $"`{bare.Name}`",
        };
    }

    // As Razor names the attribute of a property.
    private static string Hyphenated(string name) => string.Concat(name.Select(static (letter, i) =>
        char.IsUpper(letter) ? (i > 0 ? "-" : "") + char.ToLowerInvariant(letter) : letter.ToString()));
}

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Shortens the fields of an event to the length that the sandbox keeps.</summary>
internal static class EventFieldLimits
{
    // Events are kept by the thousand, so one of them may not weigh a megabyte.
    private const int MaxText = 4000;

    // What is counted is read from what is kept: room of its own, and never half a value.
    private const int MaxWhole = 16_000;

    /// <param name="fields">All fields of the line.</param>
    /// <param name="rules">Those that the type's figures are made of.</param>
    /// <param name="violations">Receives a violation when one of them is too long to be counted.</param>
    internal static Dictionary<string, string> Of(
        Dictionary<string, string> fields, IReadOnlyList<FieldRule> rules, Violations violations)
    {
        var kept = new Dictionary<string, string>(StringComparer.Ordinal);
        var (text, whole) = (MaxText, MaxWhole);
        foreach (var (name, value) in fields)
        {
            if (IsWhole(name, rules))
            {
                if (value.Length > whole)
                {
                    violations.Add($"{name} is longer than what the sandbox keeps of an event.");
                }

                kept[name] = Cut(value, ref whole);
            }
            else if (name.Length <= text)
            {
                text -= name.Length;
                kept[name] = Cut(value, ref text);
            }
        }

        return kept;
    }

    // The visitor decides what is counted, so its value is never cut.
    private static bool IsWhole(string name, IReadOnlyList<FieldRule> rules)
    {
        for (var i = 0; i < rules.Count; i++)
        {
            if (rules[i].Name.Is(name))
            {
                return rules[i].Kind != FieldKind.Text;
            }
        }

        return name is "mappingValue";
    }

    private static string Cut(string value, ref int room)
    {
        var cut = value.Length <= room ? value : Cutting.Cut(value, room) + '…';
        room = Math.Max(0, room - value.Length);
        return cut;
    }
}

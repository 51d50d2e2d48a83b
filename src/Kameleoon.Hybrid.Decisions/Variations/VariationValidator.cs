namespace Kameleoon.Hybrid.Decisions;

/// <summary>Skips the variations of a flag and throws for what <see cref="VariationReader"/> could not read.</summary>
internal static class VariationValidator
{
    /// <returns>The bytes of the array, or empty for null.</returns>
    internal static ReadOnlySpan<byte> Skip(scoped ref JsonCursor json)
    {
        if (!json.EnterArray())
        {
            return default;
        }

        var start = json.Start;
        while (json.NextElement())
        {
            if (json.IsAtObject())
            {
                SkipVariation(ref json);
            }
        }

        return json.BytesFrom(start);
    }

    private static void SkipVariation(ref JsonCursor json)
    {
        while (json.NextMember())
        {
            if (json.NameEquals("variables"u8))
            {
                SkipVariables(ref json);
            }
            else if (json.NameEquals("key"u8) || json.NameEquals("name"u8))
            {
                json.SkipText();
            }
            else
            {
                json.SkipMember();
            }
        }
    }

    private static void SkipVariables(ref JsonCursor json)
    {
        if (!json.EnterArray())
        {
            return;
        }

        while (json.NextElement())
        {
            if (json.IsAtObject())
            {
                SkipVariable(ref json);
            }
        }
    }

    private static void SkipVariable(ref JsonCursor json)
    {
        while (json.NextMember())
        {
            if (json.NameEquals("key"u8) || json.NameEquals("type"u8))
            {
                json.SkipText();
            }
            else
            {
                // A value may have any type.
                json.SkipMember();
            }
        }
    }
}

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Passes over the variations of a flag and refuses what <see cref="VariationReader"/> could not read.</summary>
internal static class VariationCheck
{
    /// <returns>The bytes of the array, or none for null.</returns>
    internal static ReadOnlySpan<byte> Pass(scoped ref JsonCursor json)
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
                PassVariation(ref json);
            }
        }

        return json.Since(start);
    }

    private static void PassVariation(ref JsonCursor json)
    {
        while (json.NextMember())
        {
            if (json.Is("variables"u8))
            {
                PassVariables(ref json);
            }
            else if (json.Is("key"u8) || json.Is("name"u8))
            {
                json.PassText();
            }
            else
            {
                json.Ignore();
            }
        }
    }

    private static void PassVariables(ref JsonCursor json)
    {
        if (!json.EnterArray())
        {
            return;
        }

        while (json.NextElement())
        {
            if (json.IsAtObject())
            {
                PassVariable(ref json);
            }
        }
    }

    private static void PassVariable(ref JsonCursor json)
    {
        while (json.NextMember())
        {
            if (json.Is("key"u8) || json.Is("type"u8))
            {
                json.PassText();
            }
            else
            {
                // A value may be anything.
                json.Ignore();
            }
        }
    }
}

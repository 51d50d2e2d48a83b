namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Reads a file that is embedded in the assembly.</summary>
internal static class EmbeddedFile
{
    internal static byte[] Read(string name)
    {
        using var source = typeof(EmbeddedFile).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The assembly has no embedded file {name}.");
        var bytes = new byte[source.Length];
        source.ReadExactly(bytes);
        return bytes;
    }
}

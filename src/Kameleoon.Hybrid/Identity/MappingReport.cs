using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Tells the platform which codes are one person, by the custom data that identifies people.</summary>
internal sealed class MappingReport(
    ConfigurationStore configuration,
    VisitorStore visitors,
    IVisitorDataSink sink,
    IOptions<KameleoonOptions> options)
{
    private readonly MappingIdentifier _mapping = options.Value.Identity.Mapping;

    /// <summary>Adds the identifier to a visitor who does not have it in this session.</summary>
    internal void Tell(string code, LinkedUser user)
    {
        if (_mapping == MappingIdentifier.None || configuration.DataFile?.MappingIndex is not { } index)
        {
            return;
        }

        var identifier = _mapping == MappingIdentifier.UserId ? user.UserId : user.Key;
        if (identifier.Length <= VisitorCode.MaxReportedLength
            && visitors.Find(code)?.Record.Known.CustomData.Find(index)?.Contains(identifier, StringComparer.Ordinal) != true)
        {
            sink.Add(code, new CustomData(index, identifier));
        }
    }
}

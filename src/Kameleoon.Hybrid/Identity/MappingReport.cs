using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Reports to the platform which visitor codes belong to one person, by the mapping identifier.</summary>
internal sealed class MappingReport(
    ConfigurationStore configuration,
    VisitorStore visitors,
    IVisitorDataSink sink,
    IOptions<KameleoonOptions> options)
{
    private readonly MappingIdentifier _mapping = options.Value.Identity.Mapping;

    /// <summary>Adds the mapping identifier to a visitor who does not have it in this session.</summary>
    internal void Tell(string code, LinkedUser user)
    {
        if (_mapping == MappingIdentifier.None || configuration.DataFile?.MappingIndex is not { } index)
        {
            return;
        }

        var identifier = _mapping == MappingIdentifier.UserId ? user.UserId : user.Key;
        if (identifier.Length <= VisitorCode.MaxReportedLength
            && visitors.KnownOf(code)?.CustomData.Find(index)?.Contains(identifier, StringComparer.Ordinal) != true)
        {
            sink.Add(code, new CustomData(index, identifier));
        }
    }
}

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
    /// <remarks>What another server of a farm told of the visitor does not say when it last reported it, and that server may not
    /// report it again. So each server reports it. The platform knows it by its value.</remarks>
    internal void Tell(string code, LinkedUser user)
    {
        if (_mapping == MappingIdentifier.None || configuration.DataFile?.MappingIndex is not { } index)
        {
            return;
        }

        var identifier = _mapping == MappingIdentifier.UserId ? user.UserId : user.Key;
        if (identifier.Length <= VisitorCode.MaxReportedLength
            && !IsTold(visitors.KnownOf(code), index, identifier))
        {
            sink.Add(code, new CustomData(index, identifier));
        }
    }

    private static bool IsTold(VisitorSnapshot? known, int index, string identifier) =>
        known is { Mapping: not null } && known.CustomData.Find(index)?.Contains(identifier, StringComparer.Ordinal) == true;
}

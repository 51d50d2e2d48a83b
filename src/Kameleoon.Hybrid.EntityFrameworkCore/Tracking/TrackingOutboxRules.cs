using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>An outbox needs somewhere to be.</summary>
internal sealed class TrackingOutboxRules(StoreSettings? store = null) : IValidateOptions<KameleoonOptions>
{
    public ValidateOptionsResult Validate(string? name, KameleoonOptions options) => store is null
        ? ValidateOptionsResult.Fail(
            "AddTrackingOutbox has no database to keep events in. Call AddSqliteStore or AddPostgreSqlStore on the same "
            + "builder.")
        : ValidateOptionsResult.Success;
}

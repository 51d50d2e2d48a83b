using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>Checks that a database is registered when the outbox or shared sessions need one.</summary>
internal sealed class StoreValidator(StoreOptions? store = null) : IValidateOptions<KameleoonOptions>
{
    public ValidateOptionsResult Validate(string? name, KameleoonOptions options) => store is null
        ? ValidateOptionsResult.Fail(
            "AddTrackingOutbox and AddSharedSessions need a database. Call AddSqliteStore or "
            + "AddPostgreSqlStore on the same builder.")
        : ValidateOptionsResult.Success;
}

using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>What is kept in a database needs one.</summary>
internal sealed class StoreRules(StoreSettings? store = null) : IValidateOptions<KameleoonOptions>
{
    public ValidateOptionsResult Validate(string? name, KameleoonOptions options) => store is null
        ? ValidateOptionsResult.Fail(
            "AddTrackingOutbox and AddSharedSessions have no database to keep anything in. Call AddSqliteStore or "
            + "AddPostgreSqlStore on the same builder.")
        : ValidateOptionsResult.Success;
}

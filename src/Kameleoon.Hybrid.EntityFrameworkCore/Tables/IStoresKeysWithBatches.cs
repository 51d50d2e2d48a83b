namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>Marks a store of idempotency keys in the database of the outbox, so that one transaction can write both.
/// </summary>
internal interface IStoresKeysWithBatches;

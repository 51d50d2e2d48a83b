namespace Kameleoon.Hybrid;

internal sealed class KameleoonIdentity(
    VisitorLinks links,
    DeferredLinks deferred,
    UserKeys keys,
    VisitorStore visitors,
    SharedSessionWrites writes,
    IEnumerable<IVisitorMemory> memories,
    TrackingLosses losses) : IKameleoonIdentity
{
    public async ValueTask<string?> FindVisitorCodeAsync(string userId, CancellationToken cancellationToken = default) =>
        (await links.FindAsync(Checked(userId), cancellationToken)).Code;

    public ValueTask<string> GetVisitorCodeAsync(string userId, CancellationToken cancellationToken = default) =>
        links.GetOrCreateAsync(Checked(userId), proposed: null, cancellationToken);

    public async ValueTask<VisitorLinkResult> LinkAsync(
        string userId, string visitorCode, CancellationToken cancellationToken = default)
    {
        if (!VisitorCode.IsValidInCookie(visitorCode) || !VisitorCode.IsReported(visitorCode))
        {
            throw new ArgumentException(
                $"A person's visitor code has 1 to {VisitorCode.MaxReportedLength} visible ASCII characters without blanks, quotes, commas, semicolons, "
                + "backslashes, '<' and '>'.",
                nameof(visitorCode));
        }

        var (user, outcome) = await links.LinkAsync(Checked(userId), visitorCode, cancellationToken);
        return new(user.Code, outcome);
    }

    public ValueTask<IReadOnlyList<VisitorLink>> ExportAsync(
        string userId, CancellationToken cancellationToken = default) =>
        links.ExportAsync(Checked(userId), cancellationToken);

    public async ValueTask<IReadOnlyList<string>> ForgetAsync(string userId, CancellationToken cancellationToken = default)
    {
        // What waits to be written must not be written after the rest was deleted.
        await deferred.ForgetAsync(Checked(userId), cancellationToken);
        ForgetHere([.. (await links.ExportAsync(userId, cancellationToken)).Select(link => link.VisitorCode), userId, keys.Of(userId)]);

        // What is being written must be there before the rest is deleted, and nothing may be written meanwhile.
        using var turn = await writes.TakeTurnAsync(cancellationToken);
        var codes = await links.ForgetAsync(userId, cancellationToken);
        ForgetHere([.. codes]);
        return codes;
    }

    private void ForgetHere(HashSet<string> codes)
    {
        losses.Skip(codes.Sum(visitors.Remove), "forgotten");
        writes.Remove(codes);
        foreach (var memory in memories)
        {
            foreach (var code in codes)
            {
                memory.Remove(code);
            }
        }
    }

    private static string Checked(string userId) => UserKeys.IsValid(userId)
        ? userId
        : throw new ArgumentException(
            $"A user id has 1 to {UserKeys.MaxLength} characters, at most 2,000 bytes in UTF-8, and no control characters.",
            nameof(userId));
}

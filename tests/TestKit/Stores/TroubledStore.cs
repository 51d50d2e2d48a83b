namespace Kameleoon.Hybrid.TestKit;

/// <summary>The database's links, with the trouble that a test wants.</summary>
internal sealed class TroubledStore(IVisitorLinkStore database) : IVisitorLinkStore
{
    /// <summary>What happens before the database is asked, by the name of the call.</summary>
    internal Action<string> Before { get; set; } = static _ => { };

    /// <summary>What happens between the database's answer and whoever asked.</summary>
    internal Func<string, Task> After { get; set; } = static _ => Task.CompletedTask;

    internal static Action<IServiceCollection> Use { get; } = static services => services.AddSingleton<IVisitorLinkStore>(
        static provider => new TroubledStore(ActivatorUtilities.CreateInstance<VisitorLinkStore>(provider)));

    internal static TroubledStore Of(IdentitySite site) => (TroubledStore)site.App.Services.GetRequiredService<IVisitorLinkStore>();

    public ValueTask<string?> FindAsync(string userKey, CancellationToken cancellationToken) =>
        AskAsync(nameof(FindAsync), () => database.FindAsync(userKey, cancellationToken));

    public ValueTask<string?> FindOwnerAsync(string visitorCode, CancellationToken cancellationToken) =>
        AskAsync(nameof(FindOwnerAsync), () => database.FindOwnerAsync(visitorCode, cancellationToken));

    public ValueTask<VisitorLinkResult> LinkAsync(
        string userKey, string visitorCode, DateTimeOffset now, CancellationToken cancellationToken) =>
        AskAsync(nameof(LinkAsync), () => database.LinkAsync(userKey, visitorCode, now, cancellationToken));

    public ValueTask<IReadOnlyList<VisitorLink>> ExportAsync(string userKey, CancellationToken cancellationToken) =>
        AskAsync(nameof(ExportAsync), () => database.ExportAsync(userKey, cancellationToken));

    public ValueTask<IReadOnlyList<string>> ForgetAsync(string userKey, CancellationToken cancellationToken) =>
        AskAsync(nameof(ForgetAsync), () => database.ForgetAsync(userKey, cancellationToken));

    private async ValueTask<T> AskAsync<T>(string call, Func<ValueTask<T>> ask)
    {
        Before(call);
        var answer = await ask();
        await After(call);
        return answer;
    }
}

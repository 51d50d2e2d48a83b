using System.Security.Cryptography;
using System.Text;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Controls the sandbox from tests: changes flags and reads the received events. Registered by
/// <c>AddKameleoonSandbox()</c>.</summary>
/// <remarks>Safe for concurrent use. Clients use a change after their next poll, or at once when they use the event
/// stream.</remarks>
public sealed class KameleoonSandbox
{
    private readonly SandboxControl _control;
    private readonly ProjectFile _dataFile;
    private readonly StoredSettings _settings;
    private readonly SandboxClock _clock;
    private readonly ActiveFaults _faults;
    private readonly Recorder _recorder;

    internal KameleoonSandbox(
        SandboxControl control,
        ProjectFile dataFile,
        StoredSettings settings,
        SandboxClock clock,
        ActiveFaults faults,
        Recorder recorder)
    {
        _control = control;
        _dataFile = dataFile;
        _settings = settings;
        _clock = clock;
        _faults = faults;
        _recorder = recorder;
    }

    /// <summary>The received events that are still in memory, oldest first.</summary>
    public IReadOnlyList<SandboxEvent> Events =>
        _recorder.Read(view => (IReadOnlyList<SandboxEvent>)[.. view.Events.Select(SandboxEvent.Of)]);

    /// <summary>The project that is served, without the changes of flags, or null when it has mistakes.</summary>
    internal CompiledProject? Project => _dataFile.Read().ServedProject?.With(
        new Dictionary<string, FlagEdit>(StringComparer.Ordinal), DateTimeOffset.UnixEpoch);

    /// <summary>Returns the version of the data file that is served: what <c>IKameleoonConfiguration.Version</c> of an
    /// application is that has it in force. Null when none can be served.</summary>
    /// <param name="environment">The environment whose data file is meant; null means <c>production</c>.</param>
    public string? GetVersion(string? environment = null) =>
        _dataFile.Read().ServedProject?.DataFileOf(environment is { Length: > 0 } named ? named : "production") is { } bytes
            ? Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 8))
            : null;

    /// <summary>Serves another project than the file, until <see cref="Reset"/>.</summary>
    /// <param name="json">A project of the sandbox, or a data file of the platform.</param>
    /// <exception cref="ArgumentException">The document has mistakes. The message lists them with their
    /// lines.</exception>
    public void SetProject(string json)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            _dataFile.Replace(Encoding.UTF8.GetBytes(json));
        }
        catch (ProjectException e)
        {
            throw new ArgumentException(string.Join('\n', e.Mistakes.Select(mistake => mistake.Sentence)), nameof(json), e);
        }
    }

    /// <summary>Switches a flag on or off, in every environment.</summary>
    /// <exception cref="ArgumentException">The project has no such flag.</exception>
    public void SetFlag(string featureKey, bool enabled) =>
        Edit(featureKey, edit => edit with { Enabled = enabled });

    /// <summary>Forces a variation for one visitor or for all visitors, regardless of the rules. Exposures are reported
    /// for the variation's experiment.</summary>
    /// <param name="featureKey">The flag.</param>
    /// <param name="variationKey">One of its variations.</param>
    /// <param name="visitorCode">The visitor; null means every visitor.</param>
    /// <exception cref="ArgumentException">The project has no such flag, or the flag no such variation.</exception>
    /// <remarks>A holdout and a flag that is off take precedence. A flag that is forced for all visitors leaves its
    /// mutually exclusive group; for a single visitor the group takes precedence, because the other flags depend on
    /// it.</remarks>
    public void ForceVariation(string featureKey, string variationKey, string? visitorCode = null) => Edit(
        featureKey,
        edit => edit with
        {
            Forced =
            [
                .. (edit.Forced ?? []).Where(forced => forced.Visitor is not null && !forced.Visitor.Is(visitorCode)),
                new ForcedVariation(variationKey, visitorCode),
                .. (edit.Forced ?? []).Where(forced => forced.Visitor is null && visitorCode is not null),
            ],
        });

    /// <summary>Undoes all changes of flags.</summary>
    public void ClearFlags() => _settings.ClearEdits();

    /// <summary>Advances the sandbox's clock, by which visits end and tokens expire.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The clock would be more than 100 years ahead of the machine's, or behind
    /// it.</exception>
    public void Advance(TimeSpan time)
    {
        if (!_clock.TryAdvance(time))
        {
            throw new ArgumentOutOfRangeException(nameof(time), time, SandboxClock.Limit);
        }
    }

    /// <summary>Makes an endpoint fail.</summary>
    /// <param name="endpoint"><c>configuration</c>, <c>stream</c>, <c>token</c>, <c>events</c>, <c>visitor</c>, <c>map</c>
    /// or another that <c>control/faults</c> names.</param>
    /// <param name="status">The status of the response, 400 to 599; null breaks the connection.</param>
    /// <param name="times">The number of requests that fail; null means all until <see cref="Reset"/>.</param>
    /// <exception cref="ArgumentException">There is no such endpoint, or the status is not an error.</exception>
    public void Fail(string endpoint, int? status = 503, int? times = null)
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        var fault = new Fault(Status: status, Drop: status is null, Times: times);
        var problem = PlatformRequestFilter.ProblemWith(endpoint) ?? fault.Problem;
        if (problem is not null)
        {
            throw new ArgumentException(problem, nameof(endpoint));
        }

        _faults.Set(endpoint, fault);
    }

    /// <summary>Waits for an event. An event that was received before counts too.</summary>
    /// <param name="awaited">Returns whether an event is the awaited one.</param>
    /// <param name="timeout">How long to wait; 20 seconds when null.</param>
    /// <param name="cancellationToken">Cancels the wait.</param>
    /// <exception cref="TimeoutException">No such event came; the message names those that did.</exception>
    public async Task<SandboxEvent> WaitForEventAsync(
        Func<SandboxEvent, bool> awaited, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(awaited);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(timeout ?? TimeSpan.FromSeconds(20));
        while (true)
        {
            var changed = _recorder.Changed;
            if (Events.FirstOrDefault(awaited) is { } found)
            {
                return found;
            }

            try
            {
                await changed.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                var received = string.Join('\n', Events.TakeLast(20).Select(one => $"{one.Type} of {one.VisitorCode}"));
                throw new TimeoutException($"No such event came. The last that did:\n{received}", e);
            }
        }
    }

    /// <summary>Deletes all events and undoes all changes.</summary>
    public void Reset() => _control.Reset();

    private void Edit(string featureKey, Func<FlagEdit, FlagEdit> change)
    {
        ArgumentNullException.ThrowIfNull(featureKey);
        if (_control.TryChangeFlag(featureKey, change) is { } problem)
        {
            throw new ArgumentException(problem, nameof(featureKey));
        }
    }
}

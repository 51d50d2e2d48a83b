using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The variation that a visitor gets for a flag, with its variables and the reason for the decision.</summary>
/// <remarks>
/// Immutable, safe for concurrent use, and created once per data file and reason. A variable that is read as another
/// type than its own returns the caller's fallback, and the callback of <see cref="DataFile.Parse"/> is called.
/// </remarks>
[DebuggerDisplay("{Key} ({Reason})")]
public sealed class Variation
{
    /// <summary>The reserved key of an inactive flag, compared ordinally.</summary>
    public const string OffKey = "off";

    private readonly VariableTable _variables;

    // Smaller than nullable fields by a fifth; data files have more of these objects than of any other.
    private readonly long _id;
    private readonly long _experimentId;
    private readonly bool _hasId;
    private readonly bool _hasExperimentId;

    internal Variation(
        string key,
        string name,
        VariableTable variables,
        DecisionReason reason,
        long? id = null,
        long? experimentId = null)
    {
        Key = key;
        Name = name;
        _variables = variables;
        Reason = reason;
        _hasId = id is not null;
        _hasExperimentId = experimentId is not null;
        _id = id ?? 0;
        _experimentId = experimentId ?? 0;
        IsAssignment = reason is DecisionReason.Rule or DecisionReason.Forced && id is not null && experimentId is not (null or 0);
    }

    /// <summary>The variation's key, for example <c>on</c>; <c>off</c> means that the flag is inactive.</summary>
    public string Key { get; }

    /// <summary>The display name, empty when the data file gives none.</summary>
    public string Name { get; }

    /// <summary>The id that exposures carry, or null for a default variation.</summary>
    public long? Id => _hasId ? _id : null;

    /// <summary>The experiment of the rule that chose the variation, or null for a default variation.</summary>
    public long? ExperimentId => _hasExperimentId ? _experimentId : null;

    /// <summary>Why the visitor got this variation.</summary>
    public DecisionReason Reason { get; }

    /// <summary>Whether the flag is on for the visitor: every key but <c>off</c>.</summary>
    public bool IsActive => !string.Equals(Key, OffKey, StringComparison.Ordinal);

    /// <summary>Whether the variation puts the visitor into an experiment, which is saved and reported.</summary>
    /// <remarks>A default or simulated variation does not, nor one that the data file gives no ids.</remarks>
    public bool IsAssignment { get; }

    /// <summary>The typed values of the variation, by key.</summary>
    public IReadOnlyDictionary<string, Variable> Variables => _variables.Variables;

    /// <summary>Reads a <c>BOOLEAN</c> variable.</summary>
    /// <param name="key">The variable's key.</param>
    /// <param name="fallback">The result when the variable is absent or no boolean.</param>
    public bool GetBoolean(string key, bool fallback = false) => Find(key) switch
    {
        null => fallback,
        { Value: bool value } => value,
        var other => Mismatch(other, "BOOLEAN", fallback),
    };

    /// <summary>Reads a <c>NUMBER</c> variable.</summary>
    /// <param name="key">The variable's key.</param>
    /// <param name="fallback">The result when the variable is absent or no number.</param>
    public double GetNumber(string key, double fallback = 0) => Find(key) switch
    {
        null => fallback,
        { Value: int value } => value,
        { Value: long value } => value,
        { Value: double value } => value,
        var other => Mismatch(other, "NUMBER", fallback),
    };

    /// <summary>Reads a <c>STRING</c>, <c>JS</c> or <c>CSS</c> variable.</summary>
    /// <param name="key">The variable's key.</param>
    /// <param name="fallback">The result when the variable is absent or no text.</param>
    [return: NotNullIfNotNull(nameof(fallback))]
    public string? GetString(string key, string? fallback = null) => Find(key) switch
    {
        null => fallback,
        { Value: string value } => value,
        var other => Mismatch(other, "STRING", fallback),
    };

    /// <summary>
    /// Reads a <c>JSON</c> variable with source-generated metadata, for trimmed and AOT-compiled applications.
    /// </summary>
    /// <param name="key">The variable's key.</param>
    /// <param name="type">The metadata of <typeparamref name="T"/>.</param>
    /// <param name="fallback">The result when the variable is absent or of another shape.</param>
    /// <typeparam name="T">The shape of the JSON value.</typeparam>
    [return: NotNullIfNotNull(nameof(fallback))]
    public T? GetJson<T>(string key, JsonTypeInfo<T> type, T? fallback = default) =>
        ReadJson(key, json => json.Deserialize(type), fallback);

    /// <summary>Reads a <c>JSON</c> variable by reflection, property names matched without regard to case.</summary>
    /// <param name="key">The variable's key.</param>
    /// <param name="fallback">The result when the variable is absent or of another shape.</param>
    /// <typeparam name="T">The shape of the JSON value.</typeparam>
    [RequiresUnreferencedCode("Use the overload that takes a JsonTypeInfo in trimmed applications.")]
    [RequiresDynamicCode("Use the overload that takes a JsonTypeInfo in ahead-of-time compiled applications.")]
    [return: NotNullIfNotNull(nameof(fallback))]
    public T? GetJson<T>(string key, T? fallback = default) =>
        ReadJson(key, json => json.Deserialize<T>(JsonSerializerOptions.Web), fallback);

    /// <summary>The inactive variation of a flag that cannot be decided.</summary>
    /// <param name="reason">Why it cannot be decided.</param>
    public static Variation Off(DecisionReason reason) => new(OffKey, "", VariableTable.Empty, reason);

    /// <inheritdoc/>
    public override string ToString() => Key;

    internal bool RunsInBrowser
    {
        get
        {
            foreach (var (_, variable) in _variables.Variables.Entries)
            {
                if (variable.RunsInBrowser)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Returns the same variation with another reason.</summary>
    /// <param name="reason">Why a visitor gets it.</param>
    public Variation WithReason(DecisionReason reason) => new(Key, Name, _variables, reason, Id, ExperimentId);

    internal Variation WithIds(long? id, long experimentId) =>
        new(Key, Name, _variables, DecisionReason.Rule, id, experimentId);

    internal static Variation WithoutVariables(string key) => new(key, "", VariableTable.Empty, DecisionReason.Default);

    private Variable? Find(string key) => _variables.Variables.GetValueOrDefault(key);

    private T? ReadJson<T>(string key, Func<JsonElement, T?> read, T? fallback)
    {
        var variable = Find(key);
        if (variable is { Value: JsonElement json })
        {
            try
            {
                return read(json) ?? fallback;
            }
            catch (Exception e) when (e is JsonException or NotSupportedException)
            {
                // The value has another shape; reported below.
            }
        }

        return variable is null ? fallback : Mismatch(variable, $"JSON ({typeof(T).Name})", fallback);
    }

    private T Mismatch<T>(Variable variable, string askedType, T fallback)
    {
        _variables.ReportMismatch(Key, variable, askedType);
        return fallback;
    }
}

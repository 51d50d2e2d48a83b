using System.Collections.Concurrent;

namespace Kameleoon.Hybrid;

/// <summary>Decides whether a message is logged: the first time for each subject, and not again.</summary>
/// <remarks>Safe for concurrent use. Lock-free once a subject was logged.</remarks>
internal sealed class LogOnce
{
    // Subjects come from the application's code. A subject built from a request must not exhaust memory.
    private const int MaxSubjects = 1000;

    private readonly ConcurrentDictionary<string, byte> _subjects = new(StringComparer.Ordinal);

    /// <summary>Returns true for the first call only, for a message that has one subject.</summary>
    internal bool IsFirst() => IsFirst("");

    /// <summary>Returns true for the first call with a subject, and false for all others.</summary>
    /// <param name="subject">What the message is about, compared ordinally. After 1,000 different subjects the result
    /// is false.</param>
    internal bool IsFirst(string subject) =>
        !_subjects.ContainsKey(subject) && _subjects.Count < MaxSubjects && _subjects.TryAdd(subject, 0);
}

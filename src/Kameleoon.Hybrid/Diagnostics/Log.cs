namespace Kameleoon.Hybrid;

/// <summary>Defines every log message of the library, one file for each subject.</summary>
/// <remarks>
/// <para>Event ids are never reused: 1xx configuration, 2xx visitors, 3xx tracking, 4xx pages, 5xx connections,
/// 6xx identity, 7xx listeners, 10xx trust.</para>
/// <para>Visitor codes are personal data, so no message above Debug contains one.</para>
/// </remarks>
internal static partial class Log;

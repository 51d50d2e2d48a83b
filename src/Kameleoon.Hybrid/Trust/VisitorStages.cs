namespace Kameleoon.Hybrid;

/// <summary>The stages that a visitor of an experiment has reached.</summary>
[Flags]
internal enum VisitorStages
{
    /// <summary>No stage.</summary>
    None = 0,

    /// <summary>A tracked decision gave the visitor a variation.</summary>
    Decided = 1,

    /// <summary>The response was complete, and was neither an error nor aborted.</summary>
    Completed = 2,

    /// <summary>A page handed the exposure to the engine, or the server reports it for a response without a page.</summary>
    Handed = 4,

    /// <summary>The page reported that the engine did not run, or a script left the page before its tag ran.</summary>
    Unreached = 8,

    /// <summary>The engine reports the exposure, or the server queued it.</summary>
    Reported = 16,

    /// <summary>The application tracked a conversion of the visitor.</summary>
    Converted = 32,
}

namespace Kameleoon.Hybrid;

/// <summary>Exposures one after the other.</summary>
internal interface IExposures
{
    /// <summary>The exposure that <see cref="MoveNext"/> reached.</summary>
    Exposure Current { get; }

    /// <summary>Moves to the next exposure.</summary>
    /// <returns>False after the last one.</returns>
    bool MoveNext();
}

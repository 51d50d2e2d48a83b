namespace Kameleoon.Hybrid.Decisions;

/// <summary>What a decision may ask about a visitor; asked only when the data file needs the answer.</summary>
public interface IVisitorFacts
{
    /// <summary>The visitor code: 1 to 255 UTF-16 units, compared ordinally.</summary>
    string VisitorCode { get; }

    /// <summary>The code that buckets this person on every device, or null when none is known.</summary>
    string? MappingIdentifier { get; }

    /// <summary>The first value of a custom data slot, or null when nothing is known for it.</summary>
    /// <param name="index">The slot's index, from 0.</param>
    string? GetCustomData(int index);
}

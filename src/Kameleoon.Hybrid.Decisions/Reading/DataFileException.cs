namespace Kameleoon.Hybrid.Decisions;

/// <summary>
/// Thrown for a document that is no data file; the message says what is wrong and where (JSON path and line).
/// </summary>
public sealed class DataFileException : Exception
{
    /// <summary>Creates the exception without a message.</summary>
    public DataFileException()
    {
    }

    /// <summary>Creates the exception with what is wrong and where.</summary>
    /// <param name="message">What is wrong and where.</param>
    public DataFileException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the exception with what is wrong and where.</summary>
    /// <param name="message">What is wrong and where.</param>
    /// <param name="innerException">The exception of the JSON reader.</param>
    public DataFileException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

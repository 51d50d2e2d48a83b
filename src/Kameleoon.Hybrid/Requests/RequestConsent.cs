using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The consent of one request's visitor, where the data file requires consent.</summary>
internal sealed class RequestConsent(VisitorRequest request, ConsentAnswers answers)
{
    private bool _isRead;

    /// <summary>The answer that the application set in this request, or null.</summary>
    internal bool? SetByApplication { get; private set; }

    /// <summary>Returns the answer in the request, read once, or else the stored answer.</summary>
    internal Consent Under(DataFile dataFile)
    {
        var known = answers.Known(request, dataFile);
        if (Volatile.Read(ref _isRead) || request.IsOver)
        {
            return known;
        }

        var answer = answers.Read(request, known);
        Volatile.Write(ref _isRead, true);
        return answer;
    }

    /// <summary>Sets the answer, which replaces the one in the request.</summary>
    /// <returns>False for bots, whose consent is not stored.</returns>
    internal bool Set(bool isGiven)
    {
        SetByApplication = isGiven;
        if (request.IsBot)
        {
            return false;
        }

        answers.Set(request, isGiven);
        Volatile.Write(ref _isRead, true);
        return true;
    }
}

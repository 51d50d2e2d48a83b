using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Reads the consent of a request's visitor and stores answers.</summary>
internal sealed class ConsentAnswers(
    ConsentGate gate, ConsentReader reader, ConfigurationStore configuration, ILogger<RequestVisitor> logger)
{
    private readonly LogOnce _withoutVisitor = new();
    private readonly LogOnce _tooLate = new();

    /// <summary>Returns the stored answer.</summary>
    internal Consent Known(VisitorRequest request, DataFile dataFile) => gate.Of(request.Code, dataFile);

    /// <summary>Returns the answer in the request and stores it, or returns the stored answer if the request has
    /// none.</summary>
    internal Consent Read(VisitorRequest request, Consent known)
    {
        var answer = request.Context is { } current ? reader.Read(current, known) : Consent.Unknown;
        if (answer == Consent.Unknown || answer == known || request.IsBot)
        {
            return known;
        }

        gate.Set(request.Code, answer);
        return answer;
    }

    /// <summary>Stores the answer that the application set. Logs, once a route, if it comes too late for the cookie, or without
    /// a visitor code.</summary>
    internal void Set(VisitorRequest request, bool isGiven)
    {
        var current = request.Context;
        if (request.Source == VisitorCodeSource.Generated
            && current is not null
            && !RequestIntent.CanKeepCookie(current.Request)
            && configuration.DataFile is { ConsentRequired: true } dataFile
            && (isGiven || dataFile.HasTargetedDelivery) // Else the browser keeps the refusal, which needs no code.
            && _withoutVisitor.IsFirst(RouteName.Of(current)))
        {
            logger.ConsentWithoutVisitor(current.Request.Path);
        }

        gate.Set(request.Code, isGiven ? Consent.Given : Consent.Refused);
        if (current is { Response.HasStarted: true } && _tooLate.IsFirst(RouteName.Of(current)))
        {
            logger.ConsentTooLate(current.Request.Path);
        }
    }
}

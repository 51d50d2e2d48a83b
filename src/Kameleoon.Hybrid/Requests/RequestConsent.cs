using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>What the visitor of one request answered, where consent is required.</summary>
internal sealed class RequestConsent(RequestVisitor visitor, RequestVisitorServices services)
{
    private bool _isRead;

    /// <summary>What the application told of the visitor's consent in this request, or null for nothing.</summary>
    internal bool? Told { get; private set; }

    /// <summary>What is known of the visitor, or what the request tells, which is newer.</summary>
    internal Consent Under(DataFile dataFile)
    {
        var known = services.Consent.Of(visitor.Code, dataFile);
        if (Volatile.Read(ref _isRead) || visitor.Context is not { } current)
        {
            return known;
        }

        var answer = services.ConsentReader.Read(current, known);
        if (answer == Consent.Unknown || answer == known || visitor.IsBot)
        {
            answer = known;
        }
        else
        {
            services.Consent.Set(visitor.Code, answer);
        }

        Volatile.Write(ref _isRead, true);
        return answer;
    }

    /// <summary>The application says what the visitor answered; that is newer than what the request tells.</summary>
    internal void Set(bool isGiven)
    {
        Told = isGiven;
        if (visitor.IsBot)
        {
            return;
        }

        var current = visitor.Context;
        if (visitor.Source == VisitorCodeSource.Generated
            && current is not null
            && !Audience.CanKeepCookie(current.Request)
            && services.Configuration.DataFile is { ConsentRequired: true })
        {
            services.Logger.ConsentWithoutVisitor(current.Request.Path);
        }

        services.Consent.Set(visitor.Code, isGiven ? Consent.Given : Consent.Refused);
        Volatile.Write(ref _isRead, true);
        if (current is { Response.HasStarted: true })
        {
            services.Logger.ConsentTooLate(current.Request.Path);
        }
        else if (current is not null)
        {
            visitor.KeepCookie(current.Response);
        }
    }
}

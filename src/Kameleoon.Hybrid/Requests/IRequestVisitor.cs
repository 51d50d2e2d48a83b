using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>What a client and the cookie may ask about the visitor of a request.</summary>
internal interface IRequestVisitor
{
    /// <summary>The request and its visitor code.</summary>
    VisitorRequest Request { get; }

    /// <summary>Whether caches may store the response.</summary>
    ResponsePrivacy Privacy { get; }

    /// <summary>What the request tells about the visitor.</summary>
    RequestFacts Facts { get; }

    /// <summary>Whether a flag was decided for the response, or the visitor code was read.</summary>
    bool IsPrivate { get; }

    /// <summary>Whether the application has used the client of the request.</summary>
    bool HasClient { get; }

    /// <summary>The flags by which the output cache keeps copies of the page, or null if it keeps none.</summary>
    VariationCell? Cell { get; }

    /// <summary>Whether browser and server agree on the code, under the current data file.</summary>
    bool IsSharedNow { get; }

    /// <summary>Whether the visitor refused consent and the current data file requires it.</summary>
    bool HasRefused { get; }

    /// <summary>Whether the application set the visitor's consent in this request.</summary>
    bool HasJustConsented { get; }

    /// <summary>Whether the request fetches a page ahead that may never be shown.</summary>
    bool IsFetchedAhead { get; }

    /// <summary>Returns what is to become of the exposures if the response has an outcome.</summary>
    Settlement Settle(ResponseOutcome outcome);

    /// <summary>Settles the exposures of a failed page when an error page takes its place.</summary>
    void NoticeErrorPage();

    /// <summary>Whether browser and server agree on the code.</summary>
    bool IsShared(DataFile dataFile);

    /// <summary>Returns the visitor's answer, or <see cref="Consent.Given"/> where the data file requires none.</summary>
    Consent ConsentUnder(DataFile dataFile);

    /// <summary>Sets the visitor's answer, which replaces what the request tells.</summary>
    void SetConsent(bool isGiven);

    /// <summary>Returns the variations that the browser asks to simulate, or null.</summary>
    Simulation? FindSimulation(DataFile dataFile);
}

using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>What a client and the cookie may ask about the visitor of a request.</summary>
internal interface IRequestVisitor
{
    /// <summary>The request and its visitor code.</summary>
    VisitorRequest Request { get; }

    /// <summary>Controls whether caches may store the response.</summary>
    ResponsePrivacy Privacy { get; }

    /// <summary>Facts about the visitor in the request.</summary>
    RequestFacts Facts { get; }

    /// <summary>Whether a flag was decided for the response, or the visitor code was read.</summary>
    bool IsPrivate { get; }

    /// <summary>Whether the application has used the client of the request.</summary>
    bool HasClient { get; }

    /// <summary>The flags by which the output cache keeps copies of the page, or null if it keeps none.</summary>
    VariationCell? Cell { get; }

    /// <summary>Whether the browser gets the code with this response, or the application knows it, under the current data
    /// file.</summary>
    bool IsSharedNow { get; }

    /// <summary>Whether the visitor refused consent and the current data file requires it.</summary>
    bool HasRefused { get; }

    /// <summary>Whether the application set the visitor's consent in this request.</summary>
    bool HasJustConsented { get; }

    /// <summary>Whether the request fetches a page ahead that may never be shown.</summary>
    bool IsFetchedAhead { get; }

    /// <summary>Returns how the exposures are handled if the response has an outcome.</summary>
    ExposureDisposition DispositionFor(ResponseOutcome outcome);

    /// <summary>Assigns the exposures of a failed page to the server when an error page replaces it.</summary>
    void NoticeErrorPage();

    /// <summary>Whether the browser gets the code with this response, or the application knows it.</summary>
    bool IsShared(DataFile dataFile);

    /// <summary>Returns the visitor's answer, or <see cref="Consent.Given"/> where the data file requires none.</summary>
    Consent ConsentUnder(DataFile dataFile);

    /// <summary>Sets the visitor's answer, which replaces the answer in the request.</summary>
    void SetConsent(bool isGiven);

    /// <summary>Returns an address of another domain of the site with the visitor code; any other as it is.</summary>
    string CompleteLink(string address);

    /// <summary>Returns the variations of a signed override or of the simulation cookie, or null.</summary>
    Simulation? FindSimulation(DataFile dataFile);
}

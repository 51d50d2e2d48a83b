namespace Kameleoon.Hybrid;

/// <summary>The browsers that segments can target.</summary>
public enum BrowserType
{
    /// <summary>Any browser not named here.</summary>
    Other,

    /// <summary>Chrome.</summary>
    Chrome,

    /// <summary>Internet Explorer.</summary>
    InternetExplorer,

    /// <summary>Firefox.</summary>
    Firefox,

    /// <summary>Safari.</summary>
    Safari,

    /// <summary>Opera.</summary>
    Opera,
}

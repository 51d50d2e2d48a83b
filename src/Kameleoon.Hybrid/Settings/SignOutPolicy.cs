namespace Kameleoon.Hybrid.Settings;

/// <summary>What becomes of a browser's visitor code when its user has signed out, or the session has ended.</summary>
public enum SignOutPolicy
{
    /// <summary>The browser goes on as the same visitor: most devices have one owner.</summary>
    KeepVisitor,

    /// <summary>The next page makes the browser another visitor: for devices that several people share.</summary>
    NewVisitor,
}

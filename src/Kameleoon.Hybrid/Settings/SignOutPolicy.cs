namespace Kameleoon.Hybrid.Settings;

/// <summary>Which visitor code a browser has after its user signs out or the sign-in expires.</summary>
public enum SignOutPolicy
{
    /// <summary>The browser keeps its code. Suits devices with one owner.</summary>
    KeepVisitor,

    /// <summary>The browser gets a new code with the next page. For devices that several people share.</summary>
    NewVisitor,
}

using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid;

/// <summary>A session that does not become an <see cref="IdleVisitor"/> until this is disposed of.</summary>
/// <param name="session">The session, or null if there is none.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly struct SessionInUse(VisitorSession? session) : IDisposable
{
    internal VisitorSession? Session => session;

    public void Dispose() => session?.Uses.End();
}

using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Changes a response while it has not started.</summary>
internal static class UnstartedResponse
{
    /// <summary>Makes a change, unless the response has started.</summary>
    /// <remarks>An application may decide flags in work beside the response, which can start at any moment. The server
    /// refuses changes from then on.</remarks>
    /// <returns>Whether the change was made.</returns>
    internal static bool TryChange<TState>(HttpResponse response, TState state, Action<HttpResponse, TState> change)
    {
        if (response.HasStarted)
        {
            return false;
        }

        try
        {
            change(response, state);
            return true;
        }
        catch (InvalidOperationException) when (response.HasStarted)
        {
            return false;
        }
    }
}

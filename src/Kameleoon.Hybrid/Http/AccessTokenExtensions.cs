namespace Kameleoon.Hybrid;

/// <summary>Sends a request with the token. After a rejection it is sent with a new token, and then without
/// one.</summary>
internal static class AccessTokenExtensions
{
    /// <param name="tokens">Provides the token.</param>
    /// <param name="send">Sends with a token, or without one.</param>
    /// <param name="isRefused">Whether a response says that the token is not accepted.</param>
    /// <param name="cancellationToken">Cancels the wait for a token.</param>
    internal static async Task<T> SendAsync<T>(
        this AccessTokenSource tokens, Func<string?, Task<T>> send, Func<T, bool> isRefused, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var token = await tokens.GetAsync(cancellationToken);
            var answer = await send(token);
            if (token is null || !isRefused(answer))
            {
                return answer;
            }

            (answer as IDisposable)?.Dispose();
            tokens.Discard(token);
        }

        // Some sites accept requests without a token, but reject an unknown token.
        return await send(null);
    }
}

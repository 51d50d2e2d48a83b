namespace Kameleoon.Hybrid;

/// <summary>Sends a request with the token, then with a new token if it is rejected, then without a token.</summary>
internal static class AccessTokenExtensions
{
    /// <param name="tokens">The token.</param>
    /// <param name="send">Sends with a token, or without one.</param>
    /// <param name="isRefused">Whether an answer says that the token is not accepted.</param>
    /// <param name="cancellationToken">Ends the waiting for a token.</param>
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

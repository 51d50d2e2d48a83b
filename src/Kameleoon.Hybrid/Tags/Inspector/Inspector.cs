using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Kameleoon.Hybrid;

/// <summary>Decides whether a page shows the inspector.</summary>
internal sealed class Inspector(SimulationCookie simulation, Nonces nonces, IHostEnvironment? environment = null)
{
    /// <returns>The panel, or null where visitors would see it.</returns>
    internal IHtmlContent? Create(HttpContext context, string? nonce)
    {
        if (environment?.IsDevelopment() != true)
        {
            return null;
        }

        var client = RequestVisitor.Of(context).Client;
        return new InspectorPanel(client.GetVisitorCode(), client, simulation, nonces.Find(context, nonce));
    }
}

using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Creates the inspector of a page, for a person who may see it.</summary>
internal sealed class Inspector(SimulationCookie simulation, OverrideCookie overrides, Nonces nonces)
{
    internal IHtmlContent Create(HttpContext context, string? nonce) => new InspectorPanel(
        RequestVisitor.Of(context).Client,
        InspectorSwitch.Of(context, overrides, simulation),
        nonces.Find(context, nonce));
}

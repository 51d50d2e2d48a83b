using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

internal sealed class KameleoonClientFactory(KameleoonClientServices services) : IKameleoonClientFactory
{
    public IKameleoonClient ForRequest(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return RequestVisitor.Of(context).Client;
    }

    public IKameleoonClient ForVisitor(string visitorCode)
    {
        ArgumentNullException.ThrowIfNull(visitorCode);
        return VisitorCode.IsValid(visitorCode)
            ? new KameleoonClient(visitorCode, services, request: null)
            : throw new ArgumentException(
                $"A visitor code has 1 to {VisitorCode.MaxLength} characters; this one has {visitorCode.Length}.",
                nameof(visitorCode));
    }
}

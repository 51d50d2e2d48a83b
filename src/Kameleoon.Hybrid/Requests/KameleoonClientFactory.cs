using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

internal sealed class KameleoonClientFactory(
    KameleoonClientServices services,
    RequestVisitorServices visitors,
    ConsentGate consent,
    VisitorCodeWarnings warnings)
    : IKameleoonClientFactory, IVisitorDataSink
{
    public IKameleoonClient ForRequest(HttpContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return RequestVisitor.Of(context).In(visitors).Client;
    }

    public async Task<bool> FlushAsync(CancellationToken cancellationToken = default)
    {
        consent.ReleaseAll(services.Configuration.DataFile);
        return (await services.Sender.FlushAsync(key: null, cancellationToken)).IsSafe;
    }

    public IKameleoonClient ForVisitor(string visitorCode)
    {
        ArgumentNullException.ThrowIfNull(visitorCode);
        if (!VisitorCode.IsValid(visitorCode))
        {
            throw new ArgumentException(
                $"A visitor code has 1 to {VisitorCode.MaxLength} characters; this one has {visitorCode.Length}.",
                nameof(visitorCode));
        }

        warnings.Adopted(visitorCode);
        return new KameleoonClient(visitorCode, services, request: null);
    }

    void IVisitorDataSink.Add(string visitorCode, IVisitorData data) => ForVisitor(visitorCode).AddData(data);
}

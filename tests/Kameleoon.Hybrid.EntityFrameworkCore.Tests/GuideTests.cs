namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>The code of docs/guides/outbox.md.</summary>
public sealed class GuideTests
{
    [Fact]
    public void A_store_and_an_outbox_are_registered_by_two_calls()
    {
        var builder = WebApplication.CreateSlimBuilder();

        builder.Services.AddKameleoonHybrid(builder.Configuration)
            .AddSqliteStore("Data Source=kameleoon.db")           // one server; several: .AddPostgreSqlStore("Host=…")
            .AddTrackingOutbox();

        builder.Services.ShouldContain(static service => service.ServiceType == typeof(ITrackingOutbox));
    }
}

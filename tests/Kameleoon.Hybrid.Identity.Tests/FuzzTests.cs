using System.Text;

namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>Random cookies, event bodies and data files break no request: no exception, no status of 500.</summary>
#pragma warning disable CA5394 // The seed makes a failure repeatable.
[Collection(nameof(Databases))]
public sealed class FuzzTests(PostgreSqlServer postgres)
{
    private const int Rounds = 400;

    private static readonly string[] Cookies =
    [
        "kameleoonVisitorCode=anna0123456789ab", "kameleoonVisitorCode=_js_anna0123456789ab", "kameleoonVisitorCode=",
        "kameleoonVisitorCode=a; kameleoonVisitorCode=b", "kameleoonVisitorCode=%61%00%ff", "kameleoonVisitorCodeUser=1",
        "kameleoonVariation=7001:81001", "kameleoonSimulationFFData={\"checkout\":{\"expId\":7001,\"varId\":81001}}",
        "kameleoonSimulationFFData=%7B%22checkout%22%3A%7B%22expId%22%3A7001%2C%22varId%22%3A81001%7D%7D", "kameleoonData=[1,2]",
    ];

    private static readonly string[] Bodies =
    [
        """{"events":[{"type":"conversion","goalId":1,"revenue":9.9,"id":"order-1"}]}""",
        """{"events":[{"type":"customData","index":3,"values":["gold","\uD800"]},{"type":"pageView","address":"/a","title":"\uDFFF"}]}""",
        """{"events":[{"type":"exposure","key":"checkout"},{"type":"customData","name":"plan","values":[]}]}""",
        """{"events":[{"type":"conversion","goalId":2147483648},{"type":"conversion","revenue":1e400}]}""",
        """{"events":[null]}""", """{"events":null}""", "[]", "null", "{", """{"keys":["checkout"],"track":false}""",
    ];

    private static readonly string[] Splinters =
    [
        "\"", "{", "}", "[", "]", ":", ",", "null", "-1", "1e999", "\\u0000", "\\uD800", "\\", "true", "\u00e9", "\U0001F600", "9999999999999999999", " ",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Random_requests_are_answered_without_an_error_of_the_server(int seed)
    {
        var random = new Random(seed);
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(
            kameleoon => database.AddTo(kameleoon).AddTrackingOutbox(),
            static options =>
            {
                options.Simulation = SimulationPolicy.On;
                options.Resilience.Tracking.Retries = 0;
                options.StopTimeout = TimeSpan.Zero;
            },
            endpoints: static group => group.AllowAnonymous());

        for (var round = 0; round < Rounds; round++)
        {
            if (round % 40 == 0)
            {
                site.DataFile.Replace(Mutate(random, IdentitySite.Experiments));
            }

            var (path, body) = random.Next(4) switch
            {
                0 => ("/code", null),
                1 => ("/kameleoon/decisions", Mutate(random, Pick(random, Bodies))),
                _ => ("/kameleoon/events", Mutate(random, Pick(random, Bodies))),
            };
            var cookie = Mutate(random, Pick(random, Cookies));
            using var request = new HttpRequestMessage(body is null ? HttpMethod.Get : HttpMethod.Post, path);
            request.Headers.TryAddWithoutValidation("Cookie", new string([.. cookie.Where(static one => one is >= ' ' and <= '~')]));
            request.Headers.TryAddWithoutValidation("Idempotency-Key", $"key-{random.Next(50)}");
            request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");

            using var response = await site.Http.SendAsync(request);

            ((int)response.StatusCode).ShouldBeOneOf([200, 202, 400, 403, 415, 422, 503], $"Seed {seed}, round {round}: {path} {cookie} {body}");
        }

        site.Log.Texts(310).ShouldBeEmpty();
    }

    private static string Pick(Random random, string[] texts) => texts[random.Next(texts.Length)];

    /// <summary>Cuts, repeats or replaces parts of a text, or leaves it as it is.</summary>
    private static string Mutate(Random random, string text)
    {
        var changed = new StringBuilder(text);
        for (var changes = random.Next(4); changes > 0 && changed.Length > 0; changes--)
        {
            var place = random.Next(changed.Length);
            var length = random.Next(Math.Min(8, changed.Length - place) + 1);
            var part = changed.ToString(place, length);
            switch (random.Next(4))
            {
                case 0:
                    changed.Remove(place, length);
                    break;
                case 1:
                    changed.Insert(place, string.Concat(Enumerable.Repeat(part, random.Next(1, 20))));
                    break;
                case 2:
                    changed.Insert(place, Pick(random, Splinters));
                    break;
                default:
                    changed[place] = (char)random.Next(0xFFFF);
                    break;
            }
        }

        return changed.ToString();
    }
}

namespace OnePerson;

internal static class Program
{
    private static async Task Main(string[] args)
    {
        await using var app = BackEnd.Build(new WebApplicationOptions { Args = args });
        await app.StartAsync();
        if (app.Configuration.GetValue<bool>("Phone"))
        {
            await UsePhoneAsync(app.Urls.First());
        }

        await app.WaitForShutdownAsync();
    }

    private static async Task UsePhoneAsync(string address)
    {
        using var phone = new Phone(new Uri(address));
        try
        {
            await phone.UseAsync("anna", Console.Out);
            await Console.Out.WriteLineAsync(
                $"Now sign in as anna at {address}, in as many browsers as you like: the same person, the same "
                + $"button. What arrived stands at {address}/_kameleoon.");
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // The back end goes on: one phone without an answer must not end it.
            await Console.Error.WriteLineAsync($"The phone gave up: {e.Message}");
        }
    }
}

namespace OnePerson;

internal static class Program
{
    private static async Task Main(string[] args)
    {
        await using var app = BackEnd.Build(new WebApplicationOptions { Args = args });
        await app.StartAsync();
        if (app.Configuration.GetValue<bool>("Phone"))
        {
            using var phone = new Phone(new Uri(app.Urls.First()));
            await phone.UseAsync("anna", Console.Out);
            await Console.Out.WriteLineAsync(
                $"Now sign in as anna at {app.Urls.First()}, in as many browsers as you like: the same person, the same "
                + $"button. What arrived stands at {app.Urls.First()}/_kameleoon.");
        }

        await app.WaitForShutdownAsync();
    }
}

namespace Kameleoon.Hybrid.Tests;

public sealed class VariableMismatchTests
{
    [Fact]
    public async Task A_variable_read_as_another_type_gives_the_default_and_is_logged_once_for_each_type()
    {
        await using var site = await TestSite.StartAsync(platform: DataFiles.Serving(DataFiles.Shop), map: app => app.MapGet(
            "/look",
            (IKameleoonClient client) =>
            {
                var variation = client.GetVariation("style");
                return $"{variation.GetString("look")} {variation.GetNumber("look", 7)} {variation.GetBoolean("look", true)} {variation.GetNumber("absent", 8)}";
            }));

        (await site.ReadAsync("/look")).ShouldBe("a{} 7 True 8");
        (await site.ReadAsync("/look")).ShouldBe("a{} 7 True 8");

        site.Log.Texts(116).ShouldBe(
        [
            "Variable 'look' of variation 'on' of flag 'style' is CSS and was read as NUMBER; the caller got its default.",
            "Variable 'look' of variation 'on' of flag 'style' is CSS and was read as BOOLEAN; the caller got its default.",
        ]);
    }
}

using Kameleoon.Hybrid;
using Microsoft.AspNetCore.Mvc.RazorPages;

public sealed class IndexModel(IKameleoonClient kameleoon) : PageModel
{
    public Variation Greeting { get; private set; } = null!;

    public void OnGet() => Greeting = kameleoon.GetVariation("greeting");   // never throws, never waits

    public void OnPost()
    {
        OnGet();
        kameleoon.TrackConversion(goalId: 3001, revenue: 129.90m);
    }
}

namespace Shop.Pages.CheckoutForms;

/// <summary>One input of the checkout with its label and what is wrong with it.</summary>
/// <param name="Name">The form name, from which the id is made.</param>
/// <param name="Label">What it asks for.</param>
/// <param name="Autocomplete">The browser's token for it.</param>
/// <param name="Type">The HTML input type.</param>
/// <param name="Value">What was typed.</param>
/// <param name="Error">What to correct, or null.</param>
internal sealed record Field(
    string Name, string Label, string Autocomplete, string Type, string? Value, string? Error)
{
    public string Id => Name.Replace('.', '-');

    public string? DescribedBy => Error is null ? null : $"{Id}-error";

    public string? Invalid => Error is null ? null : "true";
}

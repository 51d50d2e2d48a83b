namespace Shop.Catalogue;

/// <summary>One plant of the shop.</summary>
/// <param name="Slug">Its name in addresses, in the cart cookie and of its picture.</param>
/// <param name="Name">What people call it.</param>
/// <param name="Latin">What botanists call it.</param>
/// <param name="Price">List price in EUR.</param>
/// <param name="Light">Where it is happy.</param>
/// <param name="Tagline">One line for the list.</param>
/// <param name="Story">A paragraph for its own page.</param>
/// <param name="Care">How to keep it alive.</param>
/// <param name="Review">What a customer says.</param>
internal sealed record Product(
    string Slug,
    string Name,
    string Latin,
    decimal Price,
    Light Light,
    string Tagline,
    string Story,
    string Care,
    Review Review)
{
    public string Picture => $"/images/{Slug}.svg";

    public string LightLabel => Light switch
    {
        Light.Shade => "Content in the shade",
        Light.Bright => "Bright, no direct sun",
        _ => "All the sun it can get",
    };
}

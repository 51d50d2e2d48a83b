namespace Shop.Catalogue;

/// <summary>What a customer says.</summary>
/// <param name="Author">A first name.</param>
/// <param name="Stars">1 to 5.</param>
/// <param name="Text">One sentence.</param>
internal sealed record Review(string Author, int Stars, string Text);

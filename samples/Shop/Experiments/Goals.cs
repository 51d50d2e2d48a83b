namespace Shop.Experiments;

/// <summary>What counts as a success.</summary>
internal static class Goals
{
    /// <summary>An order, with its total as revenue; counted by the server.</summary>
    public const int OrderPlaced = 3001;

    /// <summary>A plant saved to the wishlist; counted by the browser.</summary>
    public const int WishlistSaved = 3002;
}

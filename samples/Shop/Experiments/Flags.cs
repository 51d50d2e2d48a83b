namespace Shop.Experiments;

/// <summary>The feature keys of <c>kameleoon.json</c> that the shop asks for.</summary>
internal static class Flags
{
    public const string Catalogue = "catalogue";
    public const string Checkout = "checkout";
    public const string FreeShippingBanner = "free-shipping-banner";
    public const string GiftWrap = "gift-wrap";
    public const string Recommendations = "recommendations";
    public const string Reviews = "dark-launch-reviews";
}

namespace Shop.Pages.CheckoutForms;

/// <summary>Where a visitor of the classic checkout is.</summary>
internal enum CheckoutStep
{
    Contact,
    Address,
    Review,
}

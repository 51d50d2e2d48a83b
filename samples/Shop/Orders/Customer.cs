namespace Shop.Orders;

/// <summary>Who ordered, and where it goes.</summary>
internal sealed record Customer(
    string Email, string FullName, string Street, string PostalCode, string City, string Country);

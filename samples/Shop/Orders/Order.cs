namespace Shop.Orders;

/// <summary>One order, at the prices the customer agreed to.</summary>
/// <param name="Id">Unguessable: who knows it may see the order.</param>
/// <param name="Number">For people, on the telephone.</param>
/// <param name="Customer">Who ordered.</param>
/// <param name="Quote">What, and for how much.</param>
internal sealed record Order(Guid Id, string Number, Customer Customer, Quote Quote);

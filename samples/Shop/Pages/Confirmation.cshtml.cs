using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Shop.Orders;

namespace Shop.Pages;

/// <summary>Shows an order and counts nothing, so that it can be reloaded at will.</summary>
internal sealed class ConfirmationModel(OrderStore orders) : PageModel
{
    public Order Order { get; private set; } = null!;

    public IActionResult OnGet(Guid id)
    {
        if (orders.Find(id) is not { } order)
        {
            return NotFound();
        }

        Order = order;
        return Page();
    }
}

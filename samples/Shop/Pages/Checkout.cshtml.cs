using Kameleoon.Hybrid;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Shop.Carts;
using Shop.Experiments;
using Shop.Orders;
using Shop.Pages.CheckoutForms;

namespace Shop.Pages;

internal sealed class CheckoutModel(IKameleoonClient kameleoon, CartCookie carts, Till till, OrderStore orders)
    : PageModel
{
    private const int CentsPerEuro = 100;

    [BindProperty]
    public CheckoutForm Form { get; set; } = new();

    /// <summary>Names the order before it is placed, so that sending the form twice places it once.</summary>
    [BindProperty]
    public Guid OrderId { get; set; }

    /// <summary>The total the customer saw, in cents: nobody pays another one.</summary>
    [BindProperty]
    public long SeenTotal { get; set; }

    [BindProperty]
    public CheckoutStep Step { get; set; }

    public Variation Variation { get; private set; } = null!;

    public Quote Quote { get; private set; } = null!;

    public IActionResult OnGet()
    {
        return Show(CheckoutStep.Contact);
    }

    public IActionResult OnPostBack()
    {
        ModelState.Clear();
        return Show(Before(Step));
    }

    public IActionResult OnPostContinue()
    {
        ForgetErrorsAfter(Step);
        return Show(!ModelState.IsValid ? FirstStepWithError() : After(Step));
    }

    public IActionResult OnPostPlace() => ModelState.IsValid ? Place(Form) : Show(FirstStepWithError());

    public IActionResult OnPostExpress()
    {
        ModelState.Clear();
        Form = new CheckoutForm();
        return Place(CheckoutForm.FromWallet());
    }

    public Field FieldFor(string name, string label, string autocomplete, string? value, string type = "text")
    {
        var key = $"{nameof(Form)}.{name}";
        return new Field(key, label, autocomplete, type, value, ModelState[key]?.Errors.FirstOrDefault()?.ErrorMessage);
    }

    private IActionResult Place(CheckoutForm form)
    {
        if (orders.Find(OrderId) is not null)
        {
            return Confirmed();
        }

        var cart = carts.Read();
        if (cart.IsEmpty)
        {
            return RedirectToPage("/Cart");
        }

        var quote = till.Price(cart, shown: false);
        if (OrderId == Guid.Empty || InCents(quote) != SeenTotal)
        {
            ModelState.AddModelError("", "The price changed while you were here. Please look at the new total.");
            return Show(CheckoutStep.Review);
        }

        if (orders.TryPlace(OrderId, form.ToCustomer(), quote))
        {
            kameleoon.TrackConversion(Goals.OrderPlaced, quote.Total);
        }

        return Confirmed();
    }

    private RedirectToPageResult Confirmed()
    {
        carts.Clear();
        return RedirectToPage("/Confirmation", new { id = OrderId });
    }

    private IActionResult Show(CheckoutStep step)
    {
        var cart = carts.Read();
        if (cart.IsEmpty)
        {
            return RedirectToPage("/Cart");
        }

        Step = step;
        OrderId = OrderId == Guid.Empty ? Guid.NewGuid() : OrderId;
        Quote = till.Price(cart, shown: true);
        SeenTotal = InCents(Quote);
        Variation = kameleoon.GetVariation(Flags.Checkout);
        return Page();
    }

    private void ForgetErrorsAfter(CheckoutStep step)
    {
        foreach (var (key, entry) in ModelState)
        {
            if (StepOf(key) > step)
            {
                entry.Errors.Clear();
                entry.ValidationState = ModelValidationState.Skipped;
            }
        }
    }

    private static CheckoutStep Before(CheckoutStep step) =>
        step == CheckoutStep.Review ? CheckoutStep.Address : CheckoutStep.Contact;

    private static CheckoutStep After(CheckoutStep step) =>
        step == CheckoutStep.Contact ? CheckoutStep.Address : CheckoutStep.Review;

    private CheckoutStep FirstStepWithError() => ModelState
        .Where(entry => entry.Value?.ValidationState is ModelValidationState.Invalid)
        .Select(entry => StepOf(entry.Key))
        .DefaultIfEmpty(CheckoutStep.Contact)
        .Min();

    private static CheckoutStep StepOf(string key) =>
        CheckoutForm.StepOf(key[(key.IndexOf('.', StringComparison.Ordinal) + 1)..]);

    private static long InCents(Quote quote) => decimal.ToInt64(quote.Total * CentsPerEuro);
}

namespace Shop.Carts;

/// <summary>Keeps the cart in the browser, so that the shop needs no session.</summary>
internal sealed class CartCookie(IHttpContextAccessor accessor)
{
    private const string Name = "cart";

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    private HttpContext Context => accessor.HttpContext!;

    public Cart Read() => Cart.Parse(Context.Request.Cookies[Name]);

    public void Write(Cart cart) => Context.Response.Cookies.Append(Name, cart.ToString(), new CookieOptions
    {
        HttpOnly = true,
        IsEssential = true,
        MaxAge = Lifetime,
        SameSite = SameSiteMode.Lax,
        Secure = Context.Request.IsHttps,
    });

    public void Clear() => Context.Response.Cookies.Delete(Name);
}

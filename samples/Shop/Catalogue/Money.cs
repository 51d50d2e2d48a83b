using System.Globalization;

namespace Shop.Catalogue;

/// <summary>Amounts in EUR as text, the same on every server whatever its culture.</summary>
internal static class Money
{
    public static string Display(decimal amount) => amount.ToString("€#,##0.00", CultureInfo.InvariantCulture);

    /// <summary>For machines: two decimals after a point, nothing else.</summary>
    public static string Plain(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);
}

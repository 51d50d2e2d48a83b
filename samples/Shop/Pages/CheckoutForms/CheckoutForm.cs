using System.ComponentModel.DataAnnotations;
using Shop.Orders;

namespace Shop.Pages.CheckoutForms;

/// <summary>What a customer types at the checkout; every layout asks for the same.</summary>
internal sealed class CheckoutForm
{
    /// <summary>Where we deliver.</summary>
    public static readonly string[] Countries =
        ["Austria", "Belgium", "Denmark", "France", "Germany", "Italy", "Netherlands", "Portugal", "Spain", "Sweden"];

    [Required(ErrorMessage = "Enter your e-mail address.")]
    [EmailAddress(ErrorMessage = "Enter an e-mail address like name@example.com.")]
    [StringLength(254, ErrorMessage = "This e-mail address is too long.")]
    public string? Email { get; set; }

    [Required(ErrorMessage = "Enter your name.")]
    [StringLength(100, ErrorMessage = "Keep the name under 100 characters.")]
    public string? FullName { get; set; }

    [Required(ErrorMessage = "Enter a street and house number.")]
    [StringLength(200, ErrorMessage = "Keep the street under 200 characters.")]
    public string? Street { get; set; }

    [Required(ErrorMessage = "Enter a postal code.")]
    [RegularExpression("[A-Za-z0-9][A-Za-z0-9 -]{2,9}", ErrorMessage = "Enter a postal code like 1011 AB or 75003.")]
    public string? PostalCode { get; set; }

    [Required(ErrorMessage = "Enter a town or city.")]
    [StringLength(100, ErrorMessage = "Keep the town under 100 characters.")]
    public string? City { get; set; }

    [Required(ErrorMessage = "Choose a country.")]
    [DeliveryCountry(ErrorMessage = "We do not deliver there yet. Choose a country of the list.")]
    public string? Country { get; set; }

    /// <summary>What the express button sends, as a wallet of a real shop would.</summary>
    public static CheckoutForm FromWallet() => new()
    {
        Email = "ada@example.com",
        FullName = "Ada Lindqvist",
        Street = "Tuinstraat 12",
        PostalCode = "1015 PB",
        City = "Amsterdam",
        Country = "Netherlands",
    };

    public Customer ToCustomer() => new(Email!, FullName!, Street!, PostalCode!, City!, Country!);

    /// <summary>The step of the classic checkout that asks for a field.</summary>
    public static CheckoutStep StepOf(string field) =>
        field is nameof(Email) or nameof(FullName) ? CheckoutStep.Contact : CheckoutStep.Address;
}

[AttributeUsage(AttributeTargets.Property)]
internal sealed class DeliveryCountryAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) =>
        value is null || CheckoutForm.Countries.Contains(value as string, StringComparer.Ordinal);
}

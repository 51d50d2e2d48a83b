using Microsoft.FeatureManagement;

namespace Features;

[VariantServiceAlias("plain")]
public sealed class PlainGreeter : IGreeter
{
    public string Greet() => "Hello";
}

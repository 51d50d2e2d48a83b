using Microsoft.FeatureManagement;

namespace Features;

[VariantServiceAlias("warm")]
public sealed class WarmGreeter : IGreeter
{
    public string Greet() => "So good to see you";
}

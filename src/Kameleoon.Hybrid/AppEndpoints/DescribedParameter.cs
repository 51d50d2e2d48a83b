using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Kameleoon.Hybrid;

/// <summary>Adds a parameter that an endpoint reads itself to the API's description.</summary>
internal sealed class DescribedParameter(ParameterInfo parameter) : IParameterBindingMetadata
{
    public string Name => parameter.Name!;

    public bool HasTryParse => false;

    public bool HasBindAsync => false;

    public ParameterInfo ParameterInfo => parameter;

    public bool IsOptional => true;
}

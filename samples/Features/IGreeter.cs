namespace Features;

/// <summary>Greets visitors, in a way for each variation of the flag <c>greeting</c>.</summary>
public interface IGreeter
{
    string Greet();
}

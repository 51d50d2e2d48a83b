namespace Kameleoon.Hybrid.Tests;

/// <summary>Data about visitors are values: two that say the same are equal.</summary>
public sealed class DataEqualityTests
{
    public static TheoryData<Func<IVisitorData>, IVisitorData> Data => new()
    {
        { () => new CustomData(1, "a", "b"), new CustomData(1, "b", "a") },
        { () => new CustomData("plan", "gold"), new CustomData("plan") },
        { () => new CustomData(1), new CustomData(1) { Overwrite = false } },
        { () => new Conversion(55, 9.5m, metadata: new CustomData(1, "x")), new Conversion(55, 9.5m, metadata: new CustomData(1, "y")) },
        { () => new PageView("https://a.example", "A", [1, 2]), new PageView("https://a.example", "A", [1]) },
        { () => new PageView("https://a.example"), new PageView("https://a.example", null, []) },
        { () => new CookieData([new("a", "1")]), new CookieData([new("a", "2")]) },
    };

    [Theory]
    [MemberData(nameof(Data))]
    public void What_says_the_same_is_equal_and_what_does_not_is_not(Func<IVisitorData> make, IVisitorData other)
    {
        make().ShouldBe(make());
        make().GetHashCode().ShouldBe(make().GetHashCode());
        make().ShouldNotBe(other);
        make().ShouldNotBe(null);
    }
}

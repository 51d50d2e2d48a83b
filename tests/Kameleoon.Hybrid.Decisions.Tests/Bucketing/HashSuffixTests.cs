using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class HashSuffixTests
{
    [Theory]
    [InlineData("visitor-001", 100, null, 0.8844826646678811)]
    [InlineData("visitor-001", 200, null, 0.8854542352665705)]
    [InlineData("visitor-001", 200, 1700000000L, 0.5261368154464148)]
    [InlineData("visitor-001", 200, 0L, 0.8854542352665705)]
    [InlineData("visitor-001", -5, null, 0.08885277112547559)]
    [InlineData("8k2m9x4c7b1n0q5z", 71001, null, 0.2562532052438091)]
    [InlineData("8k2m9x4c7b1n0q5z", 71001, 1767225600L, 0.7705545847443632)]
    [InlineData("zoé", 42, null, 0.7016434009773179)]
    [InlineData("訪問者", 42, null, 0.8269653769862071)]
    [InlineData("", 0, null, 0.3747088552916311)]
    public void A_hash_is_that_of_the_official_core(string code, long id, long? respoolTime, double expected)
    {
        HashSuffix.OfId(id, respoolTime).Hash(code).ShouldBe(expected);
    }

    [Fact]
    public void A_group_is_hashed_by_its_name()
    {
        HashSuffix.OfName("CHECKOUT-GROUP").Hash("visitor-001").ShouldBe(0.03449768963942565);
    }

    [Fact]
    public void Every_hash_the_official_core_computed_comes_out_the_same()
    {
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(
            Path.Combine(AppContext.BaseDirectory, "Vectors", "hash-values.json")));
        var hashes = vectors.RootElement.GetProperty("hashes").EnumerateArray().ToList();

        var actual = hashes.ConvertAll(hash => Id(hash).Hash(hash.GetProperty("code").GetString()!));

        actual.ShouldNotBeEmpty();
        actual.ShouldBe(hashes.Select(hash => hash.GetProperty("hash").GetDouble()));
    }

    [Theory]
    [InlineData("\ud83d")]
    [InlineData("a\ude00b")]
    [InlineData("\ud83d\ud83d\ude00")]
    public void Half_a_surrogate_pair_is_hashed_as_the_replacement_character(string code)
    {
        HashSuffix.OfId(42).Hash(code).ShouldBe(Reference.Hash(code, "42"));
    }

    [Theory]
    [InlineData(255, 'x')]
    [InlineData(255, '訪')]
    [InlineData(100_000, 'é')]
    public void A_code_of_any_length_is_hashed_alone_in_a_pair_and_in_a_batch(int length, char letter)
    {
        var code = new string(letter, length);
        var expected = Reference.Hash(code, "42");
        HashSuffix[] ids = [.. Enumerable.Repeat(HashSuffix.OfId(42), 20)];
        var batch = new double[ids.Length];

        var block = new CodeBlock(stackalloc byte[Sha256Block.Size], code);
        HashSuffix.HashAll(block, ids, batch);

        ids[0].Hash(block).ShouldBe(expected);
        HashSuffix.HashPair(block, ids[0], ids[1]).ShouldBe((expected, expected));
        batch.ShouldAllBe(hash => hash == expected);
    }

    [Fact]
    public void Every_length_of_code_has_the_hash_the_framework_gives_it_whatever_its_characters()
    {
        var hash = HashSuffix.OfId(long.MinValue, long.MinValue);
        for (var length = 1; length <= 255; length++)
        {
            foreach (var unit in "a é訪\ud800\udc00\0")
            {
                var code = new string(unit, length);

                hash.Hash(code).ShouldBe(Reference.Hash(code, "-9223372036854775808-9223372036854775808"));
            }
        }
    }

    [Fact]
    public void A_name_of_any_length_is_hashed()
    {
        var name = new string('n', 100_000);

        HashSuffix.OfName(name).Hash("visitor-001").ShouldBe(Reference.Hash("visitor-001", name));
    }

    [Theory]
    [InlineData("8k2m9x4c7b1n0q5z")]
    [InlineData("a code so long that it needs two blocks, such as an e-mail address in a custom data")]
    public void Hashing_allocates_nothing(string code)
    {
        HashSuffix[] ids = [.. Enumerable.Range(71_001, 100).Select(id => HashSuffix.OfId(id, 1_767_225_600))];
        var results = new double[ids.Length];
        AllWays(code, ids, results);

        var before = GC.GetAllocatedBytesForCurrentThread();
        AllWays(code, ids, results);

        GC.GetAllocatedBytesForCurrentThread().ShouldBe(before);
    }

    private static void AllWays(string code, HashSuffix[] ids, double[] results)
    {
        var block = new CodeBlock(stackalloc byte[Sha256Block.Size], code);
        HashSuffix.HashAll(block, ids, results);
        (results[0], results[1]) = HashSuffix.HashPair(block, ids[0], ids[1]);
        results[2] = ids[2].Hash(block);
        results[3] = ids[3].Hash(code);
    }

    private static HashSuffix Id(JsonElement hash) => hash.TryGetProperty("name", out var name)
        ? HashSuffix.OfName(name.GetString()!)
        : HashSuffix.OfId(
            hash.GetProperty("id").GetInt64(),
            hash.TryGetProperty("respoolTime", out var time) && time.ValueKind == JsonValueKind.Number
                ? time.GetInt64()
                : null);
}

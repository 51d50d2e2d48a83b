using FsCheck;
using FsCheck.Fluent;

namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class ParsePropertyTests
{
    private static readonly byte[] Example =
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Examples", "data-file.json"));

    [Fact]
    public void Whatever_the_bytes_only_the_documented_exception_is_thrown() =>
        Prop.ForAll(ArbMap.Default.ArbFor<byte[]>(), IsReadOrRefused).QuickCheckThrowOnFailure();

    [Fact]
    public void Whatever_is_changed_in_a_data_file_only_the_documented_exception_is_thrown()
    {
        var change =
            from position in Gen.Choose(0, Example.Length - 1)
            from length in Gen.Choose(0, 12)
            from text in Gen.Elements("", "null", "{}", "[]", "\"\"", "-1", "1e999", "true", "\"\\ud800\"", "\\", "\0", "\"")
            select (byte[])
            [
                .. Example[..position],
                .. System.Text.Encoding.UTF8.GetBytes(text),
                .. Example[Math.Min(position + length, Example.Length)..],
            ];

        Prop.ForAll(change.ToArbitrary(), IsReadOrRefused)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    private static bool IsReadOrRefused(byte[] bytes)
    {
        try
        {
            var dataFile = DataFile.Parse(bytes);
            foreach (var flag in dataFile.Flags)
            {
                dataFile.Explain(flag.Key, new TestVisitor("visitor"));
            }

            return true;
        }
        catch (DataFileException e)
        {
            return e.Message.Length > 0;
        }
    }
}

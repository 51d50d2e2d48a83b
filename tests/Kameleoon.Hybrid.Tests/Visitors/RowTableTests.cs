using System.Globalization;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A table of rows finds what a dictionary would find, and gives the room of removed rows back. Alone, because the memory
/// of the whole process is measured.</summary>
[Collection(nameof(LeakTests))]
public sealed class RowTableTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_holds_what_a_dictionary_holds_after_any_changes(int seed)
    {
        var (table, expected) = (new RowTable<long>(), new Dictionary<ShortCode, long>());
        var random = (uint)seed;
        for (var step = 0; step < 60_000; step++)
        {
            random = unchecked((random * 1_664_525) + 1_013_904_223);
            var code = Code((int)(random >> 8) % 5_000);
            if ((random >> 4) % 3 == 0)
            {
                table.Remove(code).ShouldBe(expected.Remove(code));
            }
            else
            {
                table.Set(code, step).ShouldBe(!expected.ContainsKey(code));
                expected[code] = step;
            }

            if (step % 20_000 == 19_999)
            {
                Sweep(table, row => row % 2 == 0);
                foreach (var (removed, _) in expected.Where(static pair => pair.Value % 2 == 0).ToArray())
                {
                    expected.Remove(removed);
                }
            }
        }

        table.Count.ShouldBe(expected.Count);
        for (var i = 0; i < 5_000; i++)
        {
            table.TryFind(Code(i), out var row).ShouldBe(expected.TryGetValue(Code(i), out var value));
            row.ShouldBe(value);
        }
    }

    [Fact]
    public void Rows_that_are_removed_give_their_memory_back_at_the_next_sweep()
    {
        // Sites of earlier tests that end meanwhile take part in a measurement, but not in all.
        Enumerable.Range(0, 10).Any(static _ => MeasureTable() is var (full, empty) && full > 10_000_000 && empty < full / 4)
            .ShouldBeTrue();
    }

    [Fact]
    public void The_rows_that_were_added_first_leave_first()
    {
        var table = new RowTable<long>();
        for (var i = 0; i < 10_000; i++)
        {
            table.Set(Code(i), i);
        }

        for (var i = 0; i < 5_000; i++)
        {
            table.TryRemoveOldest().ShouldBeTrue();
        }

        table.Count.ShouldBe(5_000);
        Enumerable.Range(9_000, 1_000).ShouldAllBe(i => Has(table, i));
        Enumerable.Range(0, 1_000).ShouldAllBe(i => !Has(table, i));
    }

    [Fact]
    public void An_empty_table_has_nothing_to_remove()
    {
        var table = new RowTable<long>();

        table.TryRemoveOldest().ShouldBeFalse();
        table.Remove(Code(1)).ShouldBeFalse();
        table.TryFind(Code(1), out _).ShouldBeFalse();
    }

    [Fact]
    public void Threads_lose_no_row_of_each_other()
    {
        var table = new RowTable<long>();

        Parallel.For(0, 50_000, i =>
        {
            table.Set(Code(i), i);
            if (i % 3 == 0)
            {
                table.Remove(Code(i)).ShouldBeTrue();
            }
        });

        table.Count.ShouldBe(Enumerable.Range(0, 50_000).Count(static i => i % 3 != 0));
        Enumerable.Range(0, 50_000).ShouldAllBe(i => Has(table, i) == (i % 3 != 0));
    }

    // The bytes of a table with many rows, and after they were removed.
    private static (long Full, long Empty) MeasureTable()
    {
        var table = new RowTable<Large>();
        for (var i = 0; i < 100_000; i++)
        {
            table.Set(Code(i), default);
        }

        var full = SettledMemory();
        Sweep(table, static _ => true);
        var empty = SettledMemory();
        table.Count.ShouldBe(0);
        GC.KeepAlive(table);
        var without = SettledMemory();
        return (full - without, empty - without);
    }

    private static long SettledMemory()
    {
        var (before, now) = (long.MaxValue, GC.GetTotalMemory(forceFullCollection: true));
        while (before - now > 100_000)
        {
            GC.WaitForPendingFinalizers();
            (before, now) = (now, GC.GetTotalMemory(forceFullCollection: true));
        }

        return now;
    }

    private static bool Has(RowTable<long> table, int number) => table.TryFind(Code(number), out _);

    private static ShortCode Code(int number)
    {
        ShortCode.TryRead(number.ToString("D16", CultureInfo.InvariantCulture), out var code).ShouldBeTrue();
        return code;
    }

    private static void Sweep<TRow>(RowTable<TRow> table, Func<TRow, bool> isOver)
        where TRow : struct
    {
        for (var part = 0; part < RowTable<TRow>.Parts; part++)
        {
            while (table.Sweep(part, rows: 100, isOver, static (in TRow row, Func<TRow, bool> tells) => tells(row), out _))
            {
            }
        }
    }

    [System.Runtime.CompilerServices.InlineArray(16)]
    private struct Large
    {
        private long _first;
    }
}

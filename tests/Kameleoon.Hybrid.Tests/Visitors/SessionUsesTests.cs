namespace Kameleoon.Hybrid.Tests;

/// <summary>A session becomes a row only when nothing uses it, and is not used afterwards.</summary>
public sealed class SessionUsesTests
{
    [Fact]
    public void Uses_that_are_over_cannot_begin_again()
    {
        var uses = default(SessionUses);
        uses.AreNone(out var state).ShouldBeTrue();
        uses.TryEndAll(state).ShouldBeTrue();

        uses.TryBegin().ShouldBeFalse();
        uses.TryBeginLasting().ShouldBeFalse();
        uses.TryBeginLasting().ShouldBeFalse();
        uses.AreNone(out _).ShouldBeFalse();
    }

    [Fact]
    public void A_use_that_began_and_ended_meanwhile_is_noticed()
    {
        var uses = default(SessionUses);
        uses.AreNone(out var state).ShouldBeTrue();
        uses.TryBegin().ShouldBeTrue();
        uses.End();

        uses.TryEndAll(state).ShouldBeFalse();
        uses.AreNone(out state).ShouldBeTrue();
        uses.TryEndAll(state).ShouldBeTrue();
    }

    [Fact]
    public void A_lasting_use_does_not_end()
    {
        var uses = default(SessionUses);
        uses.TryBegin().ShouldBeTrue();
        uses.TryBeginLasting().ShouldBeTrue();
        uses.End();
        uses.End();

        uses.AreNone(out _).ShouldBeFalse();
    }

    [Fact]
    public void More_uses_than_can_be_counted_last()
    {
        var uses = default(SessionUses);
        for (var i = 0; i < 3_000; i++)
        {
            uses.TryBegin().ShouldBeTrue();
        }

        for (var i = 0; i < 3_000; i++)
        {
            uses.End();
        }

        uses.AreNone(out _).ShouldBeFalse();
    }

    [Fact]
    public void Two_million_uses_leave_none()
    {
        var uses = default(SessionUses);
        for (var i = 0; i < 2_000_000; i++)
        {
            uses.TryBegin();
            uses.End();
        }

        uses.AreNone(out _).ShouldBeTrue();
    }
}

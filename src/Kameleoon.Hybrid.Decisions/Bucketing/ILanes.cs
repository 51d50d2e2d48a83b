namespace Kameleoon.Hybrid.Decisions;

/// <summary>The steps of SHA-256 on vectors whose lanes each hold a word of another message.</summary>
/// <remarks>
/// The methods are whole steps, because the runtime stops inlining when each operator is a call.
/// </remarks>
internal interface ILanes<TWord>
{
    static abstract TWord Broadcast(uint value);

    static abstract TWord Add(TWord left, TWord right);

    static abstract void Round(
        TWord a, TWord b, TWord c, ref TWord d, TWord e, TWord f, TWord g, ref TWord h, TWord input);

    /// <summary>The next word of the message schedule; parameters are named by their distance to it.</summary>
    static abstract TWord Extend(TWord from16, TWord from15, TWord from7, TWord from2);
}

namespace Kameleoon.Hybrid;

/// <summary>Hashes visitor codes for the tables of experiments.</summary>
internal static class VisitorHash
{
    // FNV-1a and the last steps of MurmurHash3. The same on every server, so that tables could be merged, and another for each
    // experiment, so that two visitors rarely share a place in both.
    internal static uint Of(string visitorCode, long experimentId)
    {
        unchecked
        {
            var hash = 2166136261 ^ (uint)experimentId;
            foreach (var character in visitorCode)
            {
                hash = (hash ^ character) * 16777619;
            }

            return Mix(hash);
        }
    }

    /// <summary>Returns another hash of the same visitor, which does not depend on the first.</summary>
    internal static uint Again(uint hash, int number) => Mix(unchecked(hash + ((uint)number * 0x9E3779B9)));

    private static uint Mix(uint hash)
    {
        unchecked
        {
            hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
            hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
            return hash ^ (hash >> 16);
        }
    }
}

using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>What code of the application said of a request before its visitor was known, so that it is not asked again.</summary>
/// <remarks>Answers are added while the visitor code is determined, and by endpoints of the library: then no other thread uses
/// the request.</remarks>
internal sealed class EarlierAnswers
{
    private readonly List<(object Asked, bool? Answer)> _all = [];

    /// <summary>Finds what was answered earlier.</summary>
    /// <param name="context">The request.</param>
    /// <param name="asked">Who was asked.</param>
    /// <param name="answer">The answer.</param>
    /// <returns>Whether there is an answer.</returns>
    internal static bool TryFind(HttpContext context, object asked, out bool? answer)
    {
        answer = null;
        if (context.Features.Find<EarlierAnswers>() is not { } answers)
        {
            return false;
        }

        foreach (var (who, said) in answers._all)
        {
            if (ReferenceEquals(who, asked))
            {
                answer = said;
                return true;
            }
        }

        return false;
    }

    /// <summary>Keeps an answer as long as the request.</summary>
    internal static void Add(HttpContext context, object asked, bool? answer)
    {
        var answers = context.Features.Find<EarlierAnswers>();
        if (answers is null)
        {
            answers = new EarlierAnswers();
            context.Features[typeof(EarlierAnswers)] = answers;
        }

        answers._all.Add((asked, answer));
    }
}

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The names that the parts of a project refer to each other by, and their ids.</summary>
internal sealed class ProjectNames(Mistakes mistakes)
{
    private readonly Dictionary<(string Kind, long Id), string> _taken = [];
    private readonly List<Action> _later = [];

    internal Mistakes Mistakes => mistakes;

    internal Dictionary<string, ProjectCustomData> CustomData { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, ProjectGoal> Goals { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, long> Segments { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, string> Integrations { get; } = new(StringComparer.Ordinal);

    internal Dictionary<string, long> Flags { get; } = new(StringComparer.Ordinal);

    /// <summary>The id a section names, or one made of its own name; two of a kind never share one.</summary>
    internal long Id(ProjectSection section, string name, string member = "id", string? kind = null)
    {
        var id = section.Id(member) ?? StableId.Of(name);
        kind ??= name[..name.IndexOf('/', StringComparison.Ordinal)];
        if (!_taken.TryAdd((kind, id), name))
        {
            section.Mistake(
                member, $"{name} and {_taken[(kind, id)]} both have the id {id}. Give one of them another {member}.");
        }

        return id;
    }

    /// <summary>Runs a check after every name has been read.</summary>
    internal void RunWhenNamesAreKnown(Action check) => _later.Add(check);

    internal void RunDeferred() => _later.ForEach(check => check());

    internal T? Find<T>(IReadOnlyDictionary<string, T> known, SourceNode node, string what)
    {
        if (known.TryGetValue(node.Text, out var found))
        {
            return found;
        }

        var names = known.Count == 0 ? "There is none." : $"There are {string.Join(", ", known.Keys.Take(10))}.";
        mistakes.Add(node, $"No {what} is called \"{node.Text}\". {names}");
        return default;
    }

    /// <summary>Notes the names of a list that no goal has.</summary>
    internal IReadOnlyList<string> GoalsOf(ProjectSection section) => Known(section, "goals", Goals, "goal");

    /// <summary>Reads the integrations of a campaign; a name that is neither built in nor the project's own is a mistake.
    /// </summary>
    internal IReadOnlyList<string> IntegrationsOf(ProjectSection section)
    {
        foreach (var item in section.Read("integrations")?.Items ?? [])
        {
            if (BuiltInIntegrations.Settings.ContainsKey(item.Text) && !Integrations.ContainsKey(item.Text))
            {
                Integrations.Add(item.Text, BuiltInIntegrations.Body(item.Text));
            }
        }

        return Known(section, "integrations", Integrations, "integration");
    }

    private IReadOnlyList<string> Known<T>(
        ProjectSection section, string member, IReadOnlyDictionary<string, T> known, string what)
    {
        foreach (var item in section.Items(member))
        {
            Find(known, item, what);
        }

        return section.Texts(member);
    }
}

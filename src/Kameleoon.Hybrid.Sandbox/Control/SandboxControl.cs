namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Changes the running sandbox for tests and for the live page: edits flags, and resets everything.</summary>
internal sealed class SandboxControl(
    ProjectFile projectFile,
    StoredSettings settings,
    SandboxClock clock,
    ActiveFaults faults,
    StreamTestMessages testMessages,
    Recorder recorder,
    RecordedData recordedData)
{
    /// <summary>Deletes events, requests, faults, flag edits, maps and scores, serves the file again, and sets the clock
    /// back to the machine's time.</summary>
    internal void Reset()
    {
        faults.Clear();
        settings.Clear();
        clock.Offset = TimeSpan.Zero;
        projectFile.Replace(null);
        recordedData.Clear();
        testMessages.SendsUpdateOnConnect = false;
    }

    /// <summary>Changes the edit of a flag.</summary>
    /// <returns>Why the change is not possible; null when it was made.</returns>
    internal string? TryChangeFlag(string flag, Func<FlagEdit, FlagEdit> change)
    {
        var problem = projectFile.Read().Project is { } project
            ? settings.TryChangeEdit(flag, change, edit => FlagEdits.Check(project.WithoutEdits("production"), flag, edit))
            : "There is no project to edit.";
        if (problem is null)
        {
            ApplyChange();
        }

        return problem;
    }

    /// <summary>Removes the edit of one flag.</summary>
    internal void ClearFlag(string flag)
    {
        settings.SetEdit(flag, null);
        ApplyChange();
    }

    /// <summary>Removes the edits of all flags.</summary>
    internal void ClearFlags()
    {
        settings.ClearEdits();
        ApplyChange();
    }

    /// <summary>Serves another project than the file; null serves the file again.</summary>
    /// <exception cref="ProjectException">The project has mistakes; nothing changes.</exception>
    internal void ReplaceProject(byte[]? document)
    {
        projectFile.Replace(document);
        recorder.NotifyChanged();
    }

    private void ApplyChange()
    {
        projectFile.Read();
        recorder.NotifyChanged();
    }
}

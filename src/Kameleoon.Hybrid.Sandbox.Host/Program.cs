using System.CommandLine;
using System.CommandLine.Invocation;
using System.Globalization;
using Kameleoon.Hybrid.Sandbox.Host;

// The sandbox on its own: dotnet run --project src/Kameleoon.Hybrid.Sandbox.Host -- --project kameleoon.json
var project = new Option<FileInfo?>("--project", "-p")
{
    Description = "The project or data file to serve; an edit takes effect at once. Default: kameleoon.json of the current "
        + "folder, or else a demo.",
    HelpName = "file",
};
var port = new Option<ushort?>("--port")
{
    Description = "The port on 127.0.0.1, 0 for a free one. Default: 5480, or the addresses in ASPNETCORE_URLS.",
    HelpName = "number",
    CustomParser = static given =>
    {
        var text = given.Tokens[0].Value;
        if (ushort.TryParse(text, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        given.AddError($"--port is a number from 0 to {ushort.MaxValue}, not '{text}'.");
        return null;
    },
};
var storage = new Option<FileInfo?>("--storage")
{
    Description = "A file that keeps received events and edits when the sandbox stops. Default: none.",
    HelpName = "file",
};

var command = new RootCommand(
    "Runs the Kameleoon sandbox: it serves flags and the browser engine to any SDK, and shows every event on its live page. "
    + "Further settings are read from the environment, for example Kameleoon__Sandbox__RequireToken=true.")
{
    project,
    port,
    storage,
};
command.SetAction((given, stopping) => SandboxProgram.RunAsync(
    new SandboxArguments(given.GetValue(project)?.FullName, given.GetValue(port), given.GetValue(storage)?.FullName),
    stopping));
var parsed = command.Parse(args);
if (parsed.Action is ParseErrorAction mistake)
{
    mistake.ShowHelp = false;
}

return await parsed.InvokeAsync();

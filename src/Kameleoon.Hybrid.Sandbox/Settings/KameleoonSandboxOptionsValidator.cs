using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Validates the options of the sandbox at startup.</summary>
internal sealed class KameleoonSandboxOptionsValidator(IHostEnvironment environment) : IValidateOptions<KameleoonSandboxOptions>
{
    private const string Section = KameleoonSandboxOptions.SectionName;

    private const string Setting = KameleoonSandboxOptions.SectionName + ":" + nameof(KameleoonSandboxOptions.DataFile);

    private const string Storage = KameleoonSandboxOptions.SectionName + ":" + nameof(KameleoonSandboxOptions.Storage);

    public ValidateOptionsResult Validate(string? name, KameleoonSandboxOptions options)
    {
        var problems = new ValidateOptionsResultBuilder();
        if (string.IsNullOrWhiteSpace(options.DataFile))
        {
            problems.AddError($"{Setting} is empty. Set it to the path of a data file, for example kameleoon.json.");
        }
        else if (options.DataFile.Contains('\0', StringComparison.Ordinal))
        {
            problems.AddError($"{Setting} contains a null character, which no path can. Set it to a path.");
        }
        else if (Directory.Exists(Path.GetFullPath(options.DataFile, environment.ContentRootPath)))
        {
            problems.AddError($"{Setting} is \"{options.DataFile}\", which is a folder. Set it to a file in it.");
        }

        if (options.Storage is null || options.Storage.Contains('\0', StringComparison.Ordinal))
        {
            problems.AddError($"{Storage} is no path. Set it to a file, for example .kameleoon/sandbox.db, or leave it empty.");
        }
        else if (options.Storage.Length > 0
            && Directory.Exists(Path.GetFullPath(options.Storage, environment.ContentRootPath)))
        {
            problems.AddError($"{Storage} is \"{options.Storage}\", which is a folder. Set it to a file in it.");
        }

        if (options.AllowedHosts is null || AllowedHosts.FindMistake(options.AllowedHosts) is not null)
        {
            problems.AddError(
                $"{Section}:AllowedHosts has \"{AllowedHosts.FindMistake(options.AllowedHosts ?? "")}\", which is no host. Set it "
                + "to names without scheme and port, separated by semicolons, for example sandbox.example;*.test.");
        }

        ValidateRanges(options, problems);
        return problems.Build();
    }

    private static void ValidateRanges(KameleoonSandboxOptions options, ValidateOptionsResultBuilder problems)
    {
        if (options.StorageLimit is < 1 or > 1024)
        {
            problems.AddError($"{Storage}Limit is {options.StorageLimit}. Set it to megabytes from 1 to 1024.");
        }

        if (options.TokenLife < TimeSpan.FromSeconds(1) || options.TokenLife > TimeSpan.FromDays(1))
        {
            problems.AddError($"{Section}:TokenLife is {options.TokenLife}. Set it to a time from 00:00:01 to 1.00:00:00.");
        }

        if (options.EngineMaxAge < TimeSpan.Zero || options.EngineMaxAge > TimeSpan.FromDays(1))
        {
            problems.AddError($"{Section}:EngineMaxAge is {options.EngineMaxAge}. Set it to a time from 00:00:00 to 1.00:00:00.");
        }
    }
}

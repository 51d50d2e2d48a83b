#!/usr/bin/env bash
# Times samples/Api from the start of its process to the answer with a decision, beside the same application without the
# library, native and with the runtime's compiler, and with and without a last good copy of the data file.
# start.sh [STARTS]: each case is started so many times, in turn; 21 unless said.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/Bare"
cat >"$work/Bare/Bare.csproj" <<'XML'
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <PublishAot>true</PublishAot>
    <InvariantGlobalization>true</InvariantGlobalization>
  </PropertyGroup>
</Project>
XML
cat >"$work/Bare/Program.cs" <<'CS'
using System.Text.Json.Serialization;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, BareJson.Default));
var app = builder.Build();
app.MapGet("/shipping", () => new Shipping("anna", "standard", 4.9m));
await app.RunAsync();

record Shipping(string Visitor, string Variation, decimal Price);

[JsonSerializable(typeof(Shipping))]
partial class BareJson : JsonSerializerContext;
CS

for app in Api Bare; do
  project=$([ "$app" = Api ] && echo samples/Api || echo "$work/Bare")
  dotnet publish "$project" -c Release -o "$work/native/$app" >"$work/log" || { cat "$work/log"; exit 1; }
  dotnet publish "$project" -c Release -p:PublishAot=false -o "$work/jit/$app" >"$work/log" || { cat "$work/log"; exit 1; }
done

dotnet build src/Kameleoon.Hybrid.Sandbox.Host -c Release >"$work/log" || { cat "$work/log"; exit 1; }
python3 - "$work" "${1:-21}" <<'PY'
import os, shutil, socket, statistics, subprocess, sys, time, urllib.request

work, starts = sys.argv[1], int(sys.argv[2])


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def answer(url):
    try:
        return urllib.request.urlopen(url, timeout=5).read()
    except OSError:
        return None


def wait(url, process):
    while not (found := answer(url)):
        assert process.poll() is None, "the process ended"
        time.sleep(0.001)
    return found


def start(kind, app, copy):
    port, folder = free_port(), f"{work}/copy"
    if copy != "known":
        shutil.rmtree(folder, ignore_errors=True)
    path = f"{work}/{kind}/{app}/{app}"
    command = [path] if kind == "native" else ["dotnet", path + ".dll"]
    settings = {f"Kameleoon__Endpoints__{name}": sandbox for name in ("Configuration", "Stream", "Tracking", "Api", "Engine")}
    settings |= {"Kameleoon__SiteCode": "abcde12345", "Kameleoon__Configuration__LastGoodCopyFolder": folder,
                 "Logging__LogLevel__Default": "Warning"}
    begun = time.perf_counter()
    process = subprocess.Popen([*command, "--urls", f"http://127.0.0.1:{port}"], env=os.environ | settings,
                               stdout=subprocess.DEVNULL, cwd=os.path.dirname(path))
    wait(f"http://127.0.0.1:{port}/shipping", process)
    elapsed = (time.perf_counter() - begun) * 1000
    resident = int(next(line for line in open(f"/proc/{process.pid}/status") if line.startswith("VmRSS")).split()[1]) / 1024
    if copy == "known":
        time.sleep(0.3)  # The copy is written behind the first decision.
    process.terminate()
    process.wait()
    return elapsed, resident


port = free_port()
sandbox = f"http://127.0.0.1:{port}"
host = subprocess.Popen(["dotnet", "artifacts/bin/Kameleoon.Hybrid.Sandbox.Host/release/kameleoon-sandbox.dll",
                         "--port", str(port), "--project", "samples/Api/kameleoon.json"], stdout=subprocess.DEVNULL)
try:
    wait(sandbox + "/", host)
    cases = [(kind, app, copy) for kind in ("native", "jit") for app, copy in (("Bare", ""), ("Api", "none"), ("Api", "known"))]
    taken = {case: [] for case in cases}
    for turn in range(starts + 1):
        for case in cases:
            if case[2] == "known":
                start(*case)  # Leaves the copy that the next start finds.
            one = start(*case)
            if turn:
                taken[case].append(one)
    for kind, app, copy in cases:
        times = sorted(elapsed for elapsed, _ in taken[kind, app, copy])
        bare = statistics.median(elapsed for elapsed, _ in taken[kind, "Bare", ""])
        median, memory = statistics.median(times), statistics.median(resident for _, resident in taken[kind, app, copy])
        what = "without us" if app == "Bare" else "with a last good copy" if copy == "known" else "without a copy"
        print(f"{kind:7} {what:22} {median:6.0f} ms ({times[0]:.0f} to {times[-1]:.0f}), {median - bare:+5.0f} ms, {memory:.0f} MB")
finally:
    host.terminate()
PY

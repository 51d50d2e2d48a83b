#!/usr/bin/env bash
# Builds, checks and tests everything, after installing what is missing from Debian.
# The last line is "N passed, N failed" (", N skipped" when there are any); the exit code is 0 only without failures.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# One compiler server for all builds, which takes half the time of a compiler for each project.
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 CI="${CI:-true}" UseSharedCompilation=true
engine=src/Kameleoon.Hybrid.Sandbox/Engine
live=src/Kameleoon.Hybrid.Sandbox/Live
bots=src/Kameleoon.Hybrid/Bots
official=tests/Kameleoon.Hybrid.Interop.Tests/official
frameworks=tests/Kameleoon.Hybrid.Browser.Tests/frameworks
logs=$(mktemp -d)

# record PASSED FAILED [SKIPPED]: adds to the sum; a line of a file, because checks run side by side.
record() { echo "$1 $2 ${3:-0}" >>"$logs/counts"; }

# check NAME COMMAND…: one thing that has to hold; its output is shown only when it does not.
check() {
  local name=$1 log start=$SECONDS
  log=$(mktemp -p "$logs")
  shift
  if "$@" >"$log" 2>&1; then
    record 1 0
    echo "ok      $name ($((SECONDS - start)) s)"
  else
    record 0 1
    echo "FAILED  $name ($((SECONDS - start)) s)
$(tail -n 60 "$log")"
    return 1
  fi
}

# finish: prints the sum and ends the run.
finish() {
  local passed failed skipped
  read -r passed failed skipped < <(awk '{ p += $1; f += $2; s += $3 } END { print p + 0, f + 0, s + 0 }' "$logs/counts")
  rm -rf "$logs"
  dotnet build-server shutdown --vbcscompiler >/dev/null 2>&1
  if [ "$skipped" -gt 0 ]; then
    echo "$passed passed, $failed failed, $skipped skipped"
  else
    echo "$passed passed, $failed failed"
  fi
  [ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
  exit
}

install_missing() {
  local packages=()
  command -v chromium >/dev/null || packages+=(chromium)
  command -v node >/dev/null || packages+=(nodejs)
  command -v npm >/dev/null || packages+=(npm)
  command -v python3 >/dev/null || packages+=(python3)
  command -v gcc >/dev/null || command -v clang >/dev/null || packages+=(gcc libc6-dev) # links the native sample
  compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || packages+=(postgresql)
  command -v redis-server >/dev/null || packages+=(redis-server)
  [ ${#packages[@]} -eq 0 ] || install_packages "${packages[@]}" || return

  # Optional: the browser tests need half the time with it.
  command -v chromium-headless-shell >/dev/null || install_packages chromium-headless-shell || true
}

# install_packages NAME…: from Debian.
install_packages() {
  local sudo=()
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  echo "Installing $*"
  "${sudo[@]}" apt-get update -qq -o Acquire::Retries=1 -o Acquire::http::Timeout=30 &&
    DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "$@"
}

bundle_is_current() {
  local committed="$logs/engine.js"
  cp "$engine/engine.js" "$committed" && (cd "$engine" && npm run --silent build) || return 1
  cmp "$committed" "$engine/engine.js" || { echo "Run 'npm run build' in $engine and commit engine.js."; return 1; }
}

live_page_is_current() {
  local file
  mkdir -p "$logs/live" && cp "$live"/page.{js,css} "$logs/live" && (cd "$live" && npm run --silent build) || return 1
  for file in page.js page.css; do
    cmp "$logs/live/$file" "$live/$file" || { echo "Run 'npm run build' in $live and commit $file."; return 1; }
  done
}

bot_list_is_current() {
  local committed="$logs/BotList.cs"
  cp "$bots/BotList.cs" "$committed" && (cd "$bots/List" && npm run --silent build) || return 1
  cmp "$committed" "$bots/BotList.cs" || { echo "Run 'npm run build' in $bots/List and commit BotList.cs."; return 1; }
}

packages_are_complete() {
  local out="$logs/packages" package

  # Only what is packed: the tests and samples would be read for nothing.
  python3 - >"$logs/packages.slnf" <<'PY' || return 1
import glob, json, os
projects = [path.replace("/", "\\") for path in sorted(glob.glob("src/*/*.csproj"))]
print(json.dumps({"solution": {"path": os.path.abspath("Kameleoon.Hybrid.sln"), "projects": projects}}))
PY
  dotnet pack "$logs/packages.slnf" -c Release --no-build -o "$out" || return 1
  for package in Kameleoon.Hybrid Kameleoon.Hybrid.Aspire.Hosting Kameleoon.Hybrid.Decisions \
    Kameleoon.Hybrid.EntityFrameworkCore Kameleoon.Hybrid.EntityFrameworkCore.PostgreSql Kameleoon.Hybrid.EntityFrameworkCore.Sqlite \
    Kameleoon.Hybrid.FeatureManagement Kameleoon.Hybrid.Redis Kameleoon.Hybrid.Sandbox Kameleoon.Hybrid.Testing Kameleoon.Hybrid.Testing.Xunit; do
    local files=("$out/$package".[0-9]*.nupkg)
    python3 - "${files[0]}" <<'PY' || { echo "$package lacks its README, licence, icon, symbols or documentation."; return 1; }
import os, re, sys, zipfile
package = sys.argv[1]
names = zipfile.ZipFile(package).namelist()
spec = zipfile.ZipFile(package).read(next(n for n in names if n.endswith(".nuspec"))).decode()
assert "README.md" in names and "<license type=\"expression\">MIT</license>" in spec, names
assert any(n.startswith("lib/") and n.endswith(".xml") for n in names), names
assert os.path.exists(package.replace(".nupkg", ".snupkg")), "no symbols"
assert "icon.png" in names and "<projectUrl>" in spec and "<releaseNotes>" in spec, spec
readme = zipfile.ZipFile(package).read("README.md").decode()
assert "](https://" in readme and not re.search(r"\]\((?!https?:|#)", readme), "a link of the README is relative"
PY
  done
  python3 - "$out" <<'PY' || { echo "A package of the stores brings a database that is not its own."; return 1; }
import glob, re, sys, zipfile
own = {"": [], ".Sqlite": ["sqlite"], ".PostgreSql": ["npgsql"]}
for name, expected in own.items():
    package = zipfile.ZipFile(glob.glob(f"{sys.argv[1]}/Kameleoon.Hybrid.EntityFrameworkCore{name}.[0-9]*.nupkg")[0])
    spec = package.read(next(n for n in package.namelist() if n.endswith(".nuspec"))).decode()
    others = [i.lower() for i in re.findall(r'<dependency id="([^"]+)"', spec) if not i.startswith("Kameleoon.")]
    found = {word for word in ("sqlite", "npgsql") if any(word in other for other in others)}
    assert found == set(expected), (name, others)
PY
  local tool=("$out"/Kameleoon.Hybrid.Sandbox.Tool.[0-9]*.nupkg)
  python3 - "${tool[0]}" <<'PY' || { echo "The tool lacks its command, its README or its project."; return 1; }
import sys, zipfile
package = zipfile.ZipFile(sys.argv[1])
names = package.namelist()
settings = package.read(next(n for n in names if n.endswith("DotnetToolSettings.xml"))).decode()
assert 'Name="kameleoon-sandbox"' in settings, settings
assert "README.md" in names and any(n.endswith("/kameleoon.json") for n in names), names
PY
}

# The README's application, made from the packages: its published form runs without the sandbox, which stays at home.
published_application_has_no_sandbox() {
  local out="$logs/packages" app="$logs/QuickStart" package version
  version=$(basename "$out"/Kameleoon.Hybrid.Sandbox.[0-9]*.nupkg .nupkg) && version=${version#Kameleoon.Hybrid.Sandbox.}
  cp -r samples/QuickStart "$app" && cat >"$app/QuickStart.csproj" <<XML || return 1
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <Nullable>enable</Nullable>
    <ImplicitUsings>enable</ImplicitUsings>
    <RestoreAdditionalProjectSources>$out</RestoreAdditionalProjectSources>
    <RestorePackagesPath>$logs/restored</RestorePackagesPath>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Kameleoon.Hybrid" Version="$version" />
    <PackageReference Include="Kameleoon.Hybrid.Sandbox" Version="$version" />
  </ItemGroup>
</Project>
XML
  dotnet publish "$app" -c Release -o "$app/published" || return 1
  (
    cd "$app/published" && ls &&
      ! ls | grep -iE 'sandbox|sqlite|kameleoon\.json|runtimes' || exit 1
    local log="$app/log" server address
    Kameleoon__StartTimeout=0:0:0 Kameleoon__Endpoints__Configuration=http://127.0.0.1:9 \
      dotnet QuickStart.dll --urls http://127.0.0.1:0 --environment Production >"$log" 2>&1 &
    server=$!
    until address=$(grep -oE 'listening on: http://[0-9.:]+' "$log"); do
      kill -0 "$server" && sleep 0.1 || { cat "$log"; exit 1; }
    done
    python3 -c 'import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read().decode())' "${address#*: }" | tee "$log.page"
    kill "$server"
    grep -q "<h1>Hello</h1>" "$log.page" || { cat "$log"; exit 1; }
  )
}

# Source link needs to know where the sources are published, which a plain clone does not say.
symbols_lead_to_the_sources() (
  local clone="$logs/published"
  git clone -q --no-local . "$clone" && cd "$clone" &&
    git remote set-url origin https://github.com/example/Kameleoon.Hybrid.git &&
    dotnet pack src/Kameleoon.Hybrid.Decisions -c Release -o out >/dev/null &&
    python3 - out/*.snupkg out/*.nupkg <<'PY'
import sys, zipfile
symbols, package = (zipfile.ZipFile(name) for name in sys.argv[1:3])
pdb = symbols.read(next(n for n in symbols.namelist() if n.endswith(".pdb")))
spec = package.read(next(n for n in package.namelist() if n.endswith(".nuspec")))
assert b"raw.githubusercontent.com/example/Kameleoon.Hybrid/" in pdb, "no source link"
assert b"<repository type=\"git\"" in spec and b"commit=" in spec, spec.decode()
PY
)

# test_project NAME: runs a test project that is built, and shows its output where a test fails. Up to ten failed tests are
# run once more by run_failed_again.
test_project() {
  local name=$1 log="$logs/$1.log" start=$SECONDS status=0 failed=0
  dotnet test "artifacts/bin/$name/release/$name.dll" >"$log" 2>&1 || status=$?
  if [[ $(<"$log") =~ Failed:\ +([0-9]+),\ +Passed:\ +([0-9]+),\ +Skipped:\ +([0-9]+) ]]; then
    failed=${BASH_REMATCH[1]}
    if [ "$failed" -gt 0 ] && [ "$failed" -le 10 ]; then
      record "${BASH_REMATCH[2]}" 0 "${BASH_REMATCH[3]}"
      echo "$failed" >"$logs/$name.failed"
    else
      record "${BASH_REMATCH[2]}" "$failed" "${BASH_REMATCH[3]}"
    fi
  elif [ "$status" -eq 0 ]; then
    status=1 # It says nothing of its tests.
  fi

  # A runner that failed without naming a test, for example by crashing, is a failure too.
  [ "$status" -eq 0 ] || [ "$failed" -gt 0 ] || record 0 1
  if [ "$status" -eq 0 ]; then
    echo "ok      $name ($((SECONDS - start)) s): $(grep -oE 'Passed: +[0-9]+' "$log" | tr -s ' ')"
  else
    echo "FAILED  $name ($((SECONDS - start)) s)
$(tail -n 400 "$log")"
  fi
}

# dotnet_tests: runs the test projects three at a time, because the longest ones mostly wait; those that take longest first.
dotnet_tests() {
  local name names=(EntityFrameworkCore "" Browser Sandbox Identity Interop Redis) sorted=() running=0
  for name in "${names[@]}"; do
    name=Kameleoon.Hybrid${name:+.$name}.Tests
    [ -d "tests/$name" ] && sorted+=("$name")
  done
  for name in tests/*.Tests; do
    name=${name#tests/}
    [[ " ${sorted[*]} " == *" $name "* ]] || sorted+=("$name")
  done

  for name in "${sorted[@]}"; do
    if [ "$running" -eq 3 ]; then
      wait -n
      running=$((running - 1))
    fi

    test_project "$name" &
    running=$((running + 1))
  done
  wait
}

# run_failed_again: runs each failed test once more, when nothing else runs. A test that fails twice fails. A test that
# passes now depends on how busy the machine is: it counts as passed, and is named so that it gets mended.
run_failed_again() {
  local file name names filter failed again log
  for file in "$logs"/*.failed; do
    [ -e "$file" ] || continue
    name=$(basename "$file" .failed)
    failed=$(<"$file")
    log="$logs/$name.again.log"
    names=$(sed -nE 's/^  Failed ([A-Za-z0-9_.+]+).*/\1/p' "$logs/$name.log" | sort -u)
    filter=$(sed 's/^/FullyQualifiedName=/' <<<"$names" | paste -sd '|')
    dotnet test "artifacts/bin/$name/release/$name.dll" --filter "$filter" >"$log" 2>&1
    if [[ $(<"$log") =~ Failed:\ +([0-9]+),\ +Passed:\ +([0-9]+) ]] && [ "${BASH_REMATCH[1]}" -le "$failed" ]; then
      again=${BASH_REMATCH[1]}
    else
      again=$failed # Its runner failed.
    fi

    record $((failed - again)) "$again"
    if [ "$again" -eq 0 ]; then
      sed 's/^/unsteady  /' <<<"$names"
    else
      echo "FAILED  $name, twice
$(tail -n 60 "$log")"
    fi
  done
}

engine_tests() {
  local log="$logs/engine.log" status=0 passed failed
  (cd "$engine" && npm test --silent) >"$log" 2>&1 || status=$?
  passed=$(sed -nE 's/^(#|ℹ) pass ([0-9]+).*/\2/p' "$log" | tail -n 1)
  failed=$(sed -nE 's/^(#|ℹ) fail ([0-9]+).*/\2/p' "$log" | tail -n 1)
  record "${passed:-0}" "${failed:-0}"
  [ "$status" -eq 0 ] && [ "${passed:-0}" -eq 0 ] && status=1
  if [ "$status" -ne 0 ]; then
    [ "${failed:-0}" -gt 0 ] || record 0 1
    echo "FAILED  the engine's tests
$(tail -n 60 "$log")"
  else
    echo "ok      the engine's tests: $passed passed"
  fi
}

# Restores what the checks with Node need and checks types: nothing here writes a file that the build reads.
node_restored() {
  check "the engine's tools are restored" npm ci --prefix "$engine" --no-audit --no-fund --silent
  check "the live page's tools are restored" npm ci --prefix "$live" --no-audit --no-fund --silent
  check "the list of bots is restored" npm ci --prefix "$bots/List" --no-audit --no-fund --silent
  check "the official SDK is restored" npm ci --prefix "$official" --no-audit --no-fund --silent
  check "Turbo and htmx are restored" npm ci --prefix "$frameworks" --no-audit --no-fund --silent
  check "the engine's types hold" npm run check --prefix "$engine" --silent
  check "the live page's types hold" npm run check --prefix "$live" --silent
}

# Rebuilds committed files in place, so after the build and before anything else that reads them.
sources_are_current() {
  check "the committed engine bundle is current" bundle_is_current
  check "the committed live page is current" live_page_is_current
  check "the committed list of bots is current" bot_list_is_current
  engine_tests
  # Only white space: the build reports style and analyzers as errors, and UsingOrderTests check the order of usings. With
  # them this takes seconds; a check of the whole solution would take two minutes and show the same.
  check "the code is formatted" dotnet format whitespace . --folder --verify-no-changes --include src/ tests/ samples/
  check "the packages are complete" packages_are_complete
  check "the documentation builds" bash docs/build.sh --no-build
  check "a published application has no sandbox" published_application_has_no_sandbox
  check "the symbols lead to the sources" symbols_lead_to_the_sources
}

check "what the tests need is installed" install_missing
node_restored &
check "the solution builds without warnings" dotnet build Kameleoon.Hybrid.sln -c Release
built=$?
wait
[ "$built" -eq 0 ] || finish
sources_are_current &
dotnet_tests &
wait
run_failed_again
finish

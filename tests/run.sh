#!/usr/bin/env bash
# Builds, checks and tests everything, after installing what is missing from Debian.
# The last line is "N passed, N failed" (", N skipped" when there are any); the exit code is 0 only without failures.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 CI="${CI:-true}"
engine=src/Kameleoon.Hybrid.Sandbox/Engine
live=src/Kameleoon.Hybrid.Sandbox/Live
bots=src/Kameleoon.Hybrid/Bots
official=tests/Kameleoon.Hybrid.Interop.Tests/official
logs=$(mktemp -d)
passed=0 failed=0 skipped=0

# check NAME COMMAND…: one thing that has to hold; its output is shown only when it does not.
check() {
  local name=$1 log="$logs/check.log" start=$SECONDS
  shift
  if "$@" >"$log" 2>&1; then
    passed=$((passed + 1))
    echo "ok      $name ($((SECONDS - start)) s)"
  else
    failed=$((failed + 1))
    echo "FAILED  $name ($((SECONDS - start)) s)"
    tail -n 60 "$log"
  fi
}

# finish: prints the sum and ends the run.
finish() {
  rm -rf "$logs"
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
  compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || packages+=(postgresql)
  [ ${#packages[@]} -eq 0 ] && return
  local sudo=()
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  echo "Installing ${packages[*]}"
  "${sudo[@]}" apt-get update -qq &&
    DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${packages[@]}"
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
  dotnet pack -c Release --no-build -o "$out" || return 1
  for package in Kameleoon.Hybrid Kameleoon.Hybrid.Decisions Kameleoon.Hybrid.EntityFrameworkCore Kameleoon.Hybrid.Sandbox \
    Kameleoon.Hybrid.Testing; do
    local files=("$out/$package".[0-9]*.nupkg)
    python3 - "${files[0]}" <<'PY' || { echo "$package lacks its README, licence, symbols or documentation."; return 1; }
import os, sys, zipfile
package = sys.argv[1]
names = zipfile.ZipFile(package).namelist()
spec = zipfile.ZipFile(package).read(next(n for n in names if n.endswith(".nuspec"))).decode()
assert "README.md" in names and "<license type=\"expression\">MIT</license>" in spec, names
assert any(n.startswith("lib/") and n.endswith(".xml") for n in names), names
assert os.path.exists(package.replace(".nupkg", ".snupkg")), "no symbols"
PY
  done
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

# dotnet_tests: runs every test project and adds up what each says at its end.
dotnet_tests() {
  local log="$logs/tests.log" line projects=(tests/*.Tests) reported=0
  dotnet test Kameleoon.Hybrid.sln -c Release --no-build -m:1 2>&1 | tee "$log"
  [ "${PIPESTATUS[0]}" -eq 0 ] || tests_failed=1
  while read -r line; do
    [[ $line =~ Failed:\ +([0-9]+),\ +Passed:\ +([0-9]+),\ +Skipped:\ +([0-9]+) ]] || continue
    failed=$((failed + BASH_REMATCH[1])) passed=$((passed + BASH_REMATCH[2])) skipped=$((skipped + BASH_REMATCH[3]))
    reported=$((reported + 1))
  done <"$log"
  [ "$reported" -eq ${#projects[@]} ] || {
    echo "FAILED  $reported of ${#projects[@]} test projects reported their tests"
    failed=$((failed + 1))
  }
}

engine_tests() {
  local log="$logs/engine.log" line before=$passed
  (cd "$engine" && npm test --silent) >"$log" 2>&1 || { tests_failed=1; tail -n 60 "$log"; }
  while read -r line; do
    [[ $line =~ (\#|ℹ)\ pass\ ([0-9]+) ]] && passed=$((passed + BASH_REMATCH[2]))
    [[ $line =~ (\#|ℹ)\ fail\ ([0-9]+) ]] && failed=$((failed + BASH_REMATCH[2]))
  done <"$log"
  [ "$passed" -gt "$before" ] || tests_failed=1
}

tests_failed=0
check "what the tests need is installed" install_missing
check "the engine's tools are restored" npm ci --prefix "$engine" --no-audit --no-fund --silent
check "the live page's tools are restored" npm ci --prefix "$live" --no-audit --no-fund --silent
check "the list of bots is restored" npm ci --prefix "$bots/List" --no-audit --no-fund --silent
check "the official SDK is restored" npm ci --prefix "$official" --no-audit --no-fund --silent
check "the engine's types hold" npm run check --prefix "$engine" --silent
check "the committed engine bundle is current" bundle_is_current
check "the live page's types hold" npm run check --prefix "$live" --silent
check "the committed live page is current" live_page_is_current
check "the committed list of bots is current" bot_list_is_current
before=$failed
check "the solution builds without warnings" dotnet build Kameleoon.Hybrid.sln -c Release
[ "$failed" -eq "$before" ] || finish
check "the code is formatted" dotnet format Kameleoon.Hybrid.sln --verify-no-changes --no-restore
check "the packages are complete" packages_are_complete
check "the symbols lead to the sources" symbols_lead_to_the_sources
before=$failed
engine_tests
dotnet_tests
# A runner that failed without naming a test, for example by crashing, is a failure too.
[ "$tests_failed" -eq 0 ] || [ "$failed" -gt "$before" ] || failed=$((failed + 1))
finish

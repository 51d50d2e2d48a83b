#!/usr/bin/env bash
# Builds the documentation into artifacts/docs: the pages of this folder and the API reference from the XML comments of the
# packages. Warnings, such as a broken link, are errors. With --no-build it reads the Release assemblies that are there.
# PROJECT_ADDRESS is where the files of the repository can be read.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
address=${PROJECT_ADDRESS:-https://kameleoon-hybrid.example}
pages=artifacts/docs-source

# The architecture tests refer to every package, so that their folder has all assemblies and what those refer to.
if [ "${1:-}" != --no-build ]; then
  dotnet build tests/Kameleoon.Hybrid.Architecture.Tests -c Release --nologo -v quiet
fi

# The pages as the site has them: the pages of the root stand beside the others, and other files of the repository are
# linked by their address.
rm -rf "$pages" artifacts/docs artifacts/docs-api
mkdir -p "$pages"
cp -R docs/. "$pages"
mkdir -p "$pages/images"
cp src/icon.png "$pages/images/"
root=(CHANGELOG.md CONTRIBUTING.md SECURITY.md)
for page in "${root[@]}"; do
  sed -E 's#\]\(docs/#](#g' "$page" >"$pages/$page"
done
find "$pages" -name '*.md' -exec sed -E -i \
  -e 's#\]\((\.\./)+(CHANGELOG|CONTRIBUTING|SECURITY)\.md#](\2.md#g' \
  -e "s#\]\((\.\./)*((samples|src|tests)/|README\.md|LICENSE)#](${address}/\2#g" {} +

dotnet tool restore >/dev/null
dotnet docfx "$pages/docfx.json" --warningsAsErrors --logLevel warning
echo "The documentation is in artifacts/docs. To read it: dotnet docfx serve artifacts/docs"

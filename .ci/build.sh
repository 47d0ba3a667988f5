# Shared by ./sweep, ./test and .ci/run: where things are, what to build, whether Orleans can be had. Sourced, never run.
# `root` is the repository's folder.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
export MSBUILDDISABLENODEREUSE=1
marker=$root/artifacts/orleans-unavailable

say() { printf '%s\n' "$*" >&2; }

require_dotnet() {
  command -v dotnet >/dev/null || { say "The .NET 10 SDK is needed and 'dotnet' was not found: https://dotnet.microsoft.com/download"; exit 2; }
}

# Restores the packages of the Orleans half into nowhere. Writes the marker that makes Directory.Build.props say Orleans=false, or removes it.
probe_orleans() {
  mkdir -p "$root/artifacts"
  if dotnet restore "$root/.ci/OrleansProbe" -v q -nologo >"$root/artifacts/orleans-probe.log" 2>&1; then
    rm -f "$marker"
  else
    say "This package source lacks some Orleans packages: building without Orleans (PostgreSQL nodes instead; details in artifacts/orleans-probe.log)."
    touch "$marker"
  fi
  touch "$root/artifacts/orleans-probed"
}

# Asked again only when the versions may have changed.
probe_orleans_once() {
  local probed=$root/artifacts/orleans-probed
  [ -e "$probed" ] && [ "$probed" -nt "$root/Directory.Packages.props" ] && [ "$probed" -nt "$root/.ci/OrleansProbe/OrleansProbe.csproj" ] && return
  probe_orleans
}

# build STAMP WHAT FOLDER...: builds project or solution WHAT when a file in the FOLDERs is newer than the last successful build.
build_if_changed() {
  local stamp=$root/artifacts/$1 what=$2 log=$root/artifacts/$1.log
  shift 2
  mkdir -p "$root/artifacts"
  if [ -e "$stamp" ] && [ -z "$(cd "$root" && find Directory.Build.props Directory.Packages.props .editorconfig "$@" \
      \( -name bin -o -name obj -o -name TestResults \) -prune -o -newer "$stamp" -print -quit 2>/dev/null)" ]; then
    return
  fi
  say "Building …"
  # Made before the stamp, so that a first build does not look like a change of the folders above them.
  local project
  for project in "$root"/*/*.csproj "$root"/tests/*/*.csproj; do mkdir -p "${project%/*}/bin" "${project%/*}/obj"; done
  touch "$stamp.started"
  if ! dotnet build "$root/$what" -c Release -v q -nologo -clp:"ErrorsOnly;NoSummary" >"$log" 2>&1; then
    cat "$log" >&2
    say "The build failed. The messages above are also in ${log#"$root/"}."
    rm -f "$stamp.started"
    exit 1
  fi
  mv "$stamp.started" "$stamp"
}

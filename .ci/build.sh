# Shared by ./sweep, ./test and deploy/local-cluster.sh: builds what has changed. Sourced, never run. `root` is the repository's folder.

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

say() { printf '%s\n' "$*" >&2; }

require_dotnet() {
  command -v dotnet >/dev/null || { say "The .NET 10 SDK is needed and 'dotnet' was not found: https://dotnet.microsoft.com/download"; exit 2; }
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
  if [ -e "$stamp" ]; then say "Building what has changed …"
  else say "Building for the first time: restoring packages, then compiling. This takes a minute or two."; fi
  # Created before the stamp, so that a first build does not look like a change of the folders above them.
  local project
  for project in "$root"/*/*.csproj "$root"/*/*/*.csproj; do mkdir -p "${project%/*}/bin" "${project%/*}/obj"; done
  touch "$stamp.started"
  if ! dotnet build "$root/$what" -c Release -v m -nologo -clp:NoSummary 2>&1 | tee "$log" | report_projects; then
    say "The build failed:"
    grep -E ' error |error :' "$log" | sort -u >&2 || cat "$log" >&2
    say "The whole output is in ${log#"$root/"}."
    rm -f "$stamp.started"
    exit 1
  fi
  mv "$stamp.started" "$stamp"
}

# Prints the name of each project when it has been built, so that a person sees that the build goes on.
report_projects() {
  local line
  while IFS= read -r line; do
    case "$line" in *" -> "*) line=${line%% -> *}; say "  ${line//[[:space:]]/}" ;; esac
  done
}

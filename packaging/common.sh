# What quickstart and check share. Sourced, not run.

export LC_ALL=C.UTF-8

source_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build_dir=$source_dir/.build

say() { printf '\n== %s\n' "$*"; }
fail() { printf 'error: %s\n' "$1" >&2; [ -z "${2:-}" ] || printf 'hint: %s\n' "$2" >&2; exit 1; }

# The packages of debian/control that a build needs; with "tests", also those
# that only tests need.
packages() {
  awk '/^Build-Depends:/ { on = 1; sub(/^Build-Depends:/, "") }
       on && /^[^ ]/ && !/^Build-Depends/ { on = 0 }
       on' "$source_dir/packaging/debian/control" | tr ',' '\n' |
    if [ "$1" = tests ]; then cat; else grep -v '<!nocheck>'; fi |
    sed 's/<[^>]*>//g; s/([^)]*)//g; s/[[:space:]]//g' |
    if [ "$1" = tests ]; then sed 's/^debhelper-compat$/debhelper/'; else grep -v '^debhelper-compat$'; fi |
    grep -v '^$'
}

# The names that installed packages answer to, those that they stand in for included.
installed() {
  dpkg-query -W -f '${db:Status-Status} ${Package}, ${Provides}\n' | sed -n 's/^installed //p' |
    tr ',' '\n' | sed 's/([^)]*)//g; s/[[:space:]]//g' | sort -u
}

install_packages() {
  local missing=()
  mapfile -t missing < <(packages "$1" | sort -u | comm -23 - <(installed))
  [ ${#missing[@]} -eq 0 ] && return
  say "installing: ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    command -v sudo >/dev/null || fail "packages are missing and there is no sudo" \
      "as root: apt-get install ${missing[*]}"
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -q
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends "${missing[@]}"
}

# build ON|OFF [OPTION...]: configures with or without tests, then builds.
build() {
  local testing=$1
  shift
  say "building in $build_dir"
  cmake -S "$source_dir" -B "$build_dir" -G Ninja -DCMAKE_BUILD_TYPE=Release \
    -DBUILD_TESTING="$testing"
  cmake --build "$build_dir" "$@"
}

# Playwright, beside the build: npm writes next to package.json.
fetch_browser_driver() {
  local folder=$build_dir/browser
  mkdir -p "$folder"
  cmp -s "$source_dir/tests/browser/package-lock.json" "$folder/package-lock.json" &&
    [ -d "$folder/node_modules" ] && return
  say "fetching Playwright"
  cp "$source_dir"/tests/browser/package*.json "$folder"
  (cd "$folder" && npm ci --no-audit --no-fund --loglevel=error)
}

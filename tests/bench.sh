#!/usr/bin/env bash
# The lane on a real bench: put this tree into BENCH_DIR, install it on a clean test site and run its tests there.
#   BENCH_SITE     the site, with ERPNext installed and allow_tests on (default test.localhost)
#   BENCH_RESTORE  a command that returns the site to its clean state (default: dumps/restore-test-site.sh beside the bench)
#   arguments      passed on to `bench run-tests` instead of `--app subscription_mgmt`
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

BENCH_DIR=$(readlink -f "${BENCH_DIR:-$HOME/frappe-bench}")
BENCH_SITE=${BENCH_SITE:-test.localhost}
BENCH_RESTORE=${BENCH_RESTORE:-$(dirname "$BENCH_DIR")/dumps/restore-test-site.sh}
APP=subscription_mgmt
OWNER=$(stat -c %U "$BENCH_DIR")

as_owner() { # COMMAND: in the bench's folder, as the user whose bench it is
  if [ "$(id -un)" = "$OWNER" ]; then
    (cd "$BENCH_DIR" && bash -c "$1")
  else
    su - "$OWNER" -c "cd '$BENCH_DIR' && $1"
  fi
}

put_into_bench() {
  local target="$BENCH_DIR/apps/$APP"
  mkdir -p "$target"
  find "$target" -mindepth 1 -maxdepth 1 ! -name '*.egg-info' -exec rm -rf {} +
  git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
    [ -e "$file" ] && printf '%s\0' "$file"
  done | tar --null -T - -cf - | tar -xf - -C "$target" --no-same-owner
  chown -R "$OWNER" "$target"
  as_owner "env/bin/python -m pip install --quiet --disable-pip-version-check -e apps/$APP hypothesis"
  if ! grep -qx "$APP" "$BENCH_DIR/sites/apps.txt"; then
    [ -z "$(tail -c 1 "$BENCH_DIR/sites/apps.txt")" ] || echo >>"$BENCH_DIR/sites/apps.txt"
    echo "$APP" >>"$BENCH_DIR/sites/apps.txt"
  fi
  # Pages and styles that Desk loads; the bench itself links them on build.
  ln -sfn "$target/$APP/public" "$BENCH_DIR/sites/assets/$APP"
}

put_into_bench
if [ -x "$BENCH_RESTORE" ]; then
  "$BENCH_RESTORE" "$BENCH_SITE"
else
  echo "tests/bench.sh: no $BENCH_RESTORE: the site is used as it is."
fi
if as_owner "bench --site $BENCH_SITE list-apps" | grep -q "$APP"; then
  as_owner "bench --site $BENCH_SITE migrate"
else
  as_owner "bench --site $BENCH_SITE install-app $APP"
fi
if [ "${1:-}" = install ]; then exit; fi
as_owner "bench --site $BENCH_SITE run-tests ${*:---app $APP}"

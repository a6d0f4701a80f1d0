#!/usr/bin/env bash
# The lane on a real bench: put this tree into BENCH_DIR, install it on a clean test site and run its tests there.
#   BENCH_SITE     the site, with ERPNext installed and allow_tests on (default test.localhost)
#   BENCH_RESTORE  a command that returns the site to its clean state (default: dumps/restore-test-site.sh beside the bench)
#   SUBSCRIPTION_DB_ROOT_LOGIN, SUBSCRIPTION_DB_ROOT_PASSWORD  an account of the database server that may make sites,
#                  for tests on customers' sites (default: root_login and root_password of the test site)
#   NODE_PATH, CHROMIUM  where the browser tests find playwright-core and axe-core, and the browser; skipped without
#   arguments      passed on to `bench run-tests` instead of `--app subscription_mgmt`
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

BENCH_DIR=$(readlink -f "${BENCH_DIR:-$HOME/frappe-bench}")
BENCH_SITE=${BENCH_SITE:-test.localhost}
BENCH_RESTORE=${BENCH_RESTORE:-$(dirname "$BENCH_DIR")/dumps/restore-test-site.sh}
APP=subscription_mgmt
OWNER=$(stat -c %U "$BENCH_DIR")
PASSED_ON=SUBSCRIPTION_DB_ROOT_LOGIN,SUBSCRIPTION_DB_ROOT_PASSWORD,NODE_PATH,CHROMIUM

as_owner() { # COMMAND: in the bench's folder, as the user whose bench it is
  if [ "$(id -un)" = "$OWNER" ]; then
    (cd "$BENCH_DIR" && bash -c "$1")
  else
    su --whitelist-environment="$PASSED_ON" - "$OWNER" -c "cd '$BENCH_DIR' && $1"
  fi
}

put_into_bench() { # APP FOLDER [EXTRAS]: what git would keep of FOLDER, as the bench's app of that name
  local app=$1 folder=$2 target="$BENCH_DIR/apps/$1"
  mkdir -p "$target"
  find "$target" -mindepth 1 -maxdepth 1 ! -name '*.egg-info' -exec rm -rf {} +
  (
    cd "$folder"
    git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
      [ -e "$file" ] && printf '%s\0' "$file"
    done | tar --null -T - -cf -
  ) | tar -xf - -C "$target" --no-same-owner
  chown -R "$OWNER" "$target"
  as_owner "env/bin/python -m pip install --quiet --disable-pip-version-check -e apps/$app${3:-}"
  if ! grep -qx "$app" "$BENCH_DIR/sites/apps.txt"; then
    [ -z "$(tail -c 1 "$BENCH_DIR/sites/apps.txt")" ] || echo >>"$BENCH_DIR/sites/apps.txt"
    echo "$app" >>"$BENCH_DIR/sites/apps.txt"
  fi
  # Pages and styles that Desk loads; the bench itself links them on build.
  ln -sfn "$target/$app/public" "$BENCH_DIR/sites/assets/$app"
}

install_browser_driver() { # without node, or the network, the browser tests are skipped and say so
  as_owner "command -v npm >/dev/null && cd apps/$APP/$APP/tests/browser && npm install --silent --no-audit --no-fund" ||
    echo "tests/bench.sh: npm did not bring what the browser tests need; they will be skipped."
}

put_into_bench "$APP" . "[s3,sftp] hypothesis"
put_into_bench subscription_tenant tenant # for the customers' sites that tests make; the test site does without
install_browser_driver
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
# Frappe's runner exits with 0 whatever failed, unless CI is set, by which workers would take themselves for tests.
said=$(mktemp)
trap 'rm -f "$said"' EXIT
as_owner "bench --site $BENCH_SITE run-tests ${*:---app $APP}" 2>&1 | tee "$said"
if grep -qE '^FAILED \(' "$said" || ! grep -qE '^OK( \(|$)' "$said"; then
  echo "tests/bench.sh: a test failed, or none ran." >&2
  exit 1
fi

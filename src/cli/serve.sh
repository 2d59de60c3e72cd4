#!/bin/sh
# `deno task start` and `deno task dev`: the gateway as a process that may do no more than it needs: any network, its own
# code, the data dir (and where else the options point), and the named variables and facts of the machine.
# The data dir is an option, so the permissions are put together here; exec leaves no process behind.
set -eu
cd "$(dirname "$0")/../.."

watch=
if [ "${1:-}" = --watch ]; then watch=--watch; shift; fi

data=${OCPP_DATA_DIR:-./data} kv=${OCPP_KV:-} cert=${OCPP_TLS_CERT:-} key=${OCPP_TLS_KEY:-} ca=${OCPP_TLS_CLIENT_CA:-}
copies=${OCPP_BACKUP_FOLDER:-}
next=
for arg in "$@"; do
  value=${arg#*=}
  case $next in
    --data-dir) data=$arg ;; --kv) kv=$arg ;; --tls-cert) cert=$arg ;; --tls-key) key=$arg ;; --tls-client-ca) ca=$arg ;;
    --backup-folder) copies=$arg ;;
  esac
  next=
  case $arg in
    --data-dir=*) data=$value ;; --kv=*) kv=$value ;;
    --tls-cert=*) cert=$value ;; --tls-key=*) key=$value ;; --tls-client-ca=*) ca=$value ;;
    --backup-folder=*) copies=$value ;;
    --data-dir|--kv|--tls-cert|--tls-key|--tls-client-ca|--backup-folder) next=$arg ;;
  esac
done

case $kv in ''|:memory:|http://*|https://*) kv= ;; *) kv=$(dirname "$kv") ;; esac
real() { # a link counts as what it leads to as well
  if [ -e "$1" ]; then echo "$1,$(readlink -f "$1")"; else echo "$1"; fi
}
data=$(real "$data")
[ -z "$cert" ] || cert=$(real "$cert")
[ -z "$key" ] || key=$(real "$key")
[ -z "$copies" ] || copies=$(real "$copies")
own=$data${kv:+,$kv}${copies:+,$copies}${RUNTIME_DIRECTORY:+,$RUNTIME_DIRECTORY}${NOTIFY_SOCKET:+,$NOTIFY_SOCKET}
read=$own,static,/run/systemd/timesync/synchronized${cert:+,$cert}${key:+,$key}${ca:+,$ca}
env='OCPP_*,DENO_KV_*,JOURNAL_STREAM,NOTIFY_SOCKET,RUNTIME_DIRECTORY,WATCHDOG_USEC,WS_NO_*,NODE_*,DEBUG,MQTTJS_SOCKS_PROXY,READABLE_STREAM'

# The Deno that runs the task: npx puts only a wrapper on the path, which would stay and swallow signals.
deno=$(readlink "/proc/$PPID/exe" 2>/dev/null || true)
case ${deno##*/} in deno*) ;; *) deno=deno ;; esac

# The program runs as a bundle, which starts in a third of the time. Bundle and admin's pages are made when a source has
# another name, size or time than those of which they were made; chargers do not wait for a failure of that. Where it
# cannot be told or done, and with --watch, the sources themselves run.
main=main.ts code=src config=
bundle=.bundle checked=.bundle/admin_checked
sources=$(find src main.ts deno.json deno.lock -type f -printf '%p %s %T@\n' 2>/dev/null | cksum)
[ -z "$watch" ] && [ "${sources#* }" != 0 ] || sources=
is_made() {
  made=
  [ ! -f $bundle/stamp.txt ] || read -r made <$bundle/stamp.txt || true
  [ -n "$sources" ] && [ "$made" = "$sources" ]
}
build() { "$deno" run --no-prompt --allow-read --allow-write=$bundle,static --allow-env --allow-run --allow-sys "$@"; }
if ! is_made; then
  rm -f $checked
  if [ -n "$sources" ]; then
    echo "Preparing the program, which takes a few seconds" >&2
    build src/build/start_bundle.ts "$sources" || echo "The program could not be bundled; it runs from its sources" >&2
  fi
fi
if [ ! -f $checked ] || [ ! -f static/admin/stamp.txt ]; then
  if build src/build/bundle.ts --if-stale; then [ ! -d $bundle ] || touch $checked
  else echo "The admin could not be bundled" >&2; fi
fi
if is_made; then
  main=$bundle/main.js code=$bundle config='--no-config --no-lock --unstable-kv --unstable-net --unstable-worker-options'
fi

exec "$deno" run $watch $config --v8-flags=--max-semi-space-size=8,--max-old-space-size=512,--no-parallel-scavenge,--no-allocation-site-pretenuring --no-prompt \
  --allow-net --allow-read="$read,$code" --allow-write="$own" --allow-env="$env" --allow-sys=networkInterfaces,statfs \
  $main serve "$@"

#!/bin/sh
# Install the third-party programs that the laboratory tests use. Root and apt-get only; elsewhere those tests
# say that they are skipped, and why.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
wanted=$(grep -v '^#' "$here/packages.txt")

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "not root, or no apt-get: laboratory and browser tests that need other programs will be skipped"
  exit 0
fi
command -v npm >/dev/null || wanted="$wanted npm"
# Not in the list: a machine with another build of LibreOffice (without windows, or newer) keeps its own.
command -v soffice >/dev/null || wanted="$wanted libreoffice-calc"

missing=""
for package in $wanted; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done

if [ -n "$missing" ]; then
  # Daemons must not start in the machine's own network: they belong into the laboratory's namespaces.
  policy=/usr/sbin/policy-rc.d
  made=""
  if [ ! -e $policy ]; then
    printf '#!/bin/sh\nexit 101\n' > $policy
    chmod +x $policy
    made=yes
  fi
  trap '[ -z "$made" ] || rm -f $policy' EXIT
  echo "installing for the tests:$missing"
  apt-get -q update >/dev/null
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends $missing >/dev/null 2>&1
fi

lab="$here/../../.lab-venv"
if [ ! -e "$lab/.ready" ] || [ "$here/requirements.txt" -nt "$lab/.ready" ] || [ ! -e "$lab/node/node_modules/axe-core" ]; then
  echo "installing the laboratory's own devices into .lab-venv"
  python3 -m venv "$lab"
  "$lab/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt"
  npm install --silent --no-audit --no-fund --prefix "$lab/node" rtsp-streaming-server@2.1.0 axe-core@4.10.3 >/dev/null
  touch "$lab/.ready"
fi

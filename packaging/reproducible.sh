#!/bin/sh
# Builds the last commit twice, in folders of different names, once with the usual build
# cache and once with none, and compares.
set -eu
top=$(git -C "$(dirname "$0")" rev-parse --show-toplevel)
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
git clone -q --shared "$top" "$work/first"
git clone -q --shared "$top" "$work/elsewhere/second"
make -s -C "$work/first" dist/footfall
GOCACHE="$work/cache" make -s -C "$work/elsewhere/second" dist/footfall
first=$(sha256sum <"$work/first/dist/footfall")
second=$(sha256sum <"$work/elsewhere/second/dist/footfall")
if [ "$first" != "$second" ]; then
	echo "not reproducible: $first and $second" >&2
	exit 1
fi
echo "reproducible: ${first%% *}"

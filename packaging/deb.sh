#!/bin/sh
# Makes the Debian package of what "make dist" left in dist/.
set -eu
cd "$(dirname "$0")/.."
tag=$(git describe --tags --exact-match --match 'v[0-9]*' 2>/dev/null || true)
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH
export DEB_VERSION="${tag#v}"
if [ -z "$DEB_VERSION" ]; then
	DEB_VERSION="0~git$(TZ=UTC git log -1 --date=format-local:%Y%m%d%H%M%S --format=%cd).$(git rev-parse --short=12 HEAD)"
fi
DEB_ARCH=$(go env GOARCH)
export DEB_ARCH
go run "github.com/goreleaser/nfpm/v2/cmd/nfpm@$NFPM_VERSION" package --config packaging/nfpm.yaml --packager deb --target dist/

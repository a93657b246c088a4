#!/bin/sh
# A streaming replica: the first start copies the primary, every other one goes on following it.
set -eu
: "${PGDATA:=/var/lib/postgresql/data}"
: "${PRIMARY:=primary}"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    # Half a copy of an earlier try is thrown away, and so is its slot.
    find "$PGDATA" -mindepth 1 -delete
    until pg_basebackup --host "$PRIMARY" --username follower --pgdata "$PGDATA" \
        --wal-method stream --checkpoint fast --write-recovery-conf --slot catalog_replica --create-slot; do
        echo "The primary cannot be copied yet; trying again in five seconds." >&2
        find "$PGDATA" -mindepth 1 -delete
        psql --no-psqlrc --quiet --host "$PRIMARY" --username follower "dbname=postgres replication=database" \
            --command "DROP_REPLICATION_SLOT catalog_replica" || true
        sleep 5
    done
    chmod 700 "$PGDATA"
fi
# What reads here for long is not cut off by what the primary tidies up meanwhile.
exec postgres -c hot_standby=on -c hot_standby_feedback=on -c max_connections=100

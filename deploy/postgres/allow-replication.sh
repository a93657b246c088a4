#!/bin/sh
# Run once by the image of PostgreSQL, on the empty primary: a role that may follow, and nothing else.
set -eu
psql --no-psqlrc --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    --set password="$REPLICATION_PASSWORD" <<'SQL'
CREATE ROLE follower WITH REPLICATION LOGIN PASSWORD :'password';
SQL
echo "host replication follower all scram-sha-256" >> "$PGDATA/pg_hba.conf"

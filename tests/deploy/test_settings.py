"""`DATABASE_REPLICA_URL` and `REDIS_URL`: what is taken, and the sentence for what is not."""

from pathlib import Path

import pytest

from catalog.config import ConfigError, Settings, read

SERVER = "postgresql://catalog:hunter2@primary/catalog"


def settings(**given: str) -> Settings:
    return read({"DEMO": "1", **given}, Path("/nowhere"))


def test_without_them_there_is_neither() -> None:
    assert (settings().replica_url, settings().redis_url) == (None, None)


def test_both_are_taken() -> None:
    taken = settings(
        DATABASE_URL=SERVER,
        DATABASE_REPLICA_URL="postgres://catalog:hunter2@replica/catalog",
        REDIS_URL="rediss://:hunter2@redis:6379/0",
    )
    assert taken.replica_url == "postgresql+psycopg://catalog:hunter2@replica/catalog"
    assert taken.redis_url == "rediss://:hunter2@redis:6379/0"
    assert "hunter2" not in repr(taken)


@pytest.mark.parametrize(
    ("given", "begins"),
    [
        (
            {"DATABASE_REPLICA_URL": SERVER},
            "DATABASE_REPLICA_URL is set, but DATABASE_URL names no PostgreSQL",
        ),
        (
            {"DATABASE_URL": SERVER, "DATABASE_REPLICA_URL": "sqlite:///a.db"},
            "DATABASE_REPLICA_URL names no PostgreSQL",
        ),
        ({"DATABASE_URL": SERVER, "DATABASE_REPLICA_URL": "hunter2"}, "DATABASE_REPLICA_URL cannot be read"),
        ({"REDIS_URL": "http://hunter2@redis"}, "REDIS_URL is not an address of a Redis"),
        ({"REDIS_URL": "redis://"}, "REDIS_URL is not an address of a Redis"),
    ],
)
def test_what_cannot_be_used_is_one_sentence_without_the_secret(given: dict[str, str], begins: str) -> None:
    with pytest.raises(ConfigError) as refused:
        settings(**given)
    assert str(refused.value.format_message()).startswith(begins)
    assert "hunter2" not in refused.value.format_message()


def test_each_thread_of_a_server_has_a_connection() -> None:
    options = settings(DATABASE_URL=SERVER, THREADS="12").flask_config()["SQLALCHEMY_ENGINE_OPTIONS"]
    assert options["pool_size"] == 12
    assert "pool_size" not in settings().flask_config()["SQLALCHEMY_ENGINE_OPTIONS"]

"""Where a team's store is, as a user writes it."""

from __future__ import annotations

import pytest

from store.errors import BadAddress
from store.postgres.address import Address, parsed


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://ann@db.example.com/team",
        "postgresql://ann@db.example.com:6432/team",
        "postgresql://ann%40example.com@db.example.com/the%20team",
        "postgresql://[::1]:5433/team",
        "postgresql://ann@db.example.com/team?sslrootcert=%2Fhome%2Fann%2Fca.pem",
        "postgresql:///?service=team",
        "postgresql://ann@/team?host=%2Frun%2Fpostgresql",
    ],
)
def test_an_address_is_shown_and_kept_as_it_is_written(text: str) -> None:
    assert str(parsed(text)) == text
    assert parsed(str(parsed(text))) == parsed(text)


def test_the_other_name_of_the_scheme_and_blanks_around_are_taken() -> None:
    assert parsed("  postgres://ann@db.example.com/team ") == Address("db.example.com", None, "ann", "team")


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://ann:hunter2@db.example.com/team",
        "postgresql://ann:@db.example.com/team",
        "postgresql://db.example.com/team?password=hunter2",
        "postgresql://db.example.com/team?passfile=/home/ann/.pgpass",
        "postgresql://db.example.com/team?sslpassword=hunter2",
    ],
)
def test_a_password_in_the_address_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(BadAddress, match="PGPASSWORD") as refused:
        parsed(text)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "does not begin with"),
        ("db.example.com", "does not begin with"),
        ("mysql://db.example.com/team", "does not begin with"),
        ("postgresql://db.example.com:port/team", "cannot be read"),
        ("postgresql://db.example.com:99999/team", "cannot be read"),
        ("postgresql:///team", "names no host"),
        ("postgresql://u@\u202e:1/team", "cannot be the name of a computer"),
        (f"postgresql://{'ä' * 80}/team", "cannot be the name of a computer"),
        ("postgresql://a b/team", "cannot be the name of a computer"),
        ("postgresql://ann@:5432/team?host=/run/none,db.example.com", "cannot be the name of a computer"),
        ("postgresql://ann@localhost,db.example.com/team", "cannot be the name of a computer"),
        ("postgresql://db.example.com/team?options=-csearch_path%3Dother", "options, which is not known"),
        # The library would ask the second one.
        ("postgresql://db.example.com/team?host=other.example.com", "says host twice"),
        ("postgresql://localhost/team?host=other.example.com", "says host twice"),
        ("postgresql:///team?host=/run/postgresql&host=other.example.com", "says host twice"),
        ("postgresql://db.example.com/team?sslmode=verify-full&sslmode=disable", "says sslmode twice"),
    ],
)
def test_what_is_no_address_is_refused_with_the_right_shape(text: str, message: str) -> None:
    with pytest.raises(BadAddress, match=message) as refused:
        parsed(text)
    assert "postgresql://USER@HOST/DATABASE" in str(refused.value)


@pytest.mark.parametrize("host", ["db.example.com", "192.168.1.7", "10.0.0.1", "localhost.example.com"])
def test_a_server_elsewhere_must_prove_who_it_is(host: str) -> None:
    result = parsed(f"postgresql://ann@{host}/team").parameters()
    assert (result["sslmode"], result["sslrootcert"]) == ("verify-full", "system")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.3.2.1", "[::1]"])
def test_on_this_computer_nothing_travels(host: str) -> None:
    assert "sslmode" not in parsed(f"postgresql://ann@{host}/team").parameters()


def test_a_service_of_libpq_may_lie_anywhere_so_it_is_verified_too() -> None:
    assert parsed("postgresql:///?service=team").parameters()["sslmode"] == "verify-full"


def test_what_somebody_says_of_tls_counts() -> None:
    assert parsed("postgresql://db.example.com/team?sslmode=disable").parameters()["sslmode"] == "disable"
    own = parsed("postgresql://db.example.com/team?sslrootcert=/ca.pem").parameters()
    assert (own["sslmode"], own["sslrootcert"]) == ("verify-full", "/ca.pem")

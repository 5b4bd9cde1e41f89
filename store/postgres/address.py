"""Where a team's store is, as a user writes it: `postgresql://ann@db.example.com/team`. Never with a password."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from store.errors import BadAddress
from store.texts import N_

_SCHEMES = ("postgresql", "postgres")
_SHAPE = N_("Write it as postgresql://USER@HOST/DATABASE, with :PORT after the host where it is not 5432.")
_SAYS_TOO_MUCH = N_(
    "The address holds a password, which would end up in logs and lists of programs. Leave it "
    "out, and give it in PGPASSWORD, in a password file (PGPASSFILE), or in the keyring: "
    "burndown asks there."
)
# What of libpq's own parameters may stand behind the `?`: how the server is known and reached, never a secret.
_ALLOWED = frozenset(
    {"sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl", "service", "target_session_attrs", "host"}
)
_SECRET = frozenset({"password", "passfile", "sslpassword"})
SCHEMA = "burndown"


@dataclass(frozen=True, slots=True)
class Address:
    """`port`: None where the service, the environment or 5432 says. `more`: libpq's parameters of the address."""

    host: str = ""
    port: int | None = None
    user: str = ""
    database: str = ""
    more: tuple[tuple[str, str], ...] = field(default=())

    def __str__(self) -> str:
        """As it can be written, shown and kept: it says nothing that is secret."""
        user = f"{quote(self.user, safe='')}@" if self.user else ""
        is_folder = self.host.startswith("/")
        host = "" if is_folder else f"[{self.host}]" if ":" in self.host else self.host
        port = f":{self.port}" if self.port else ""
        listed = (*self.more, ("host", self.host)) if is_folder else self.more
        more = f"?{urlencode(listed)}" if listed else ""
        return f"postgresql://{user}{host}{port}/{quote(self.database, safe='')}{more}"

    @property
    def place(self) -> str:
        """Server and database in words."""
        port = f":{self.port}" if self.port and self.port != 5432 else ""
        return f"{self.database or 'the database'} on {self.host or 'the server'}{port}"

    @property
    def origin(self) -> str:
        """Whom a connection goes to."""
        return f"postgresql://{self.host or dict(self.more).get('service', '')}:{self.port or 5432}"

    @property
    def is_here(self) -> bool:
        """Whether the server is this computer, so that nothing travels over a network."""
        if self.host in ("localhost", "") or self.host.startswith("/"):
            return not dict(self.more).get("service")
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    def parameters(self) -> dict[str, str | int]:
        """What libpq is told. A server elsewhere must show a certificate that this computer trusts, for its name."""
        own = (("host", self.host), ("port", self.port), ("user", self.user), ("dbname", self.database))
        parameters: dict[str, str | int] = {name: value for name, value in (*own, *self.more) if value}
        if not self.is_here and "sslmode" not in parameters:
            parameters["sslmode"] = "verify-full"
        if parameters.get("sslmode") == "verify-full" and "sslrootcert" not in parameters:
            parameters["sslrootcert"] = "system"
        return parameters


def parsed(text: str) -> Address:
    """Raises BadAddress, with what to write instead."""
    try:
        parts = urlsplit(text.strip())
        port = parts.port
    except ValueError as exc:
        raise BadAddress(N_("The address of the team's store cannot be read. {shape}", shape=_SHAPE)) from exc
    more = parse_qsl(parts.query, keep_blank_values=True)
    if parts.password is not None or any(name in _SECRET for name, _ in more):
        raise BadAddress(_SAYS_TOO_MUCH)
    if parts.scheme not in _SCHEMES:
        raise BadAddress(N_("The address of the team's store does not begin with postgresql://. {shape}", shape=_SHAPE))
    strange = sorted({name for name, _ in more} - _ALLOWED)
    if strange:
        raise BadAddress(
            N_(
                "The address of the team's store says {names}, which is not known. {shape}",
                names=", ".join(strange),
                shape=_SHAPE,
            )
        )
    names = [name for name, _ in more] + (["host"] if parts.hostname else [])
    # libpq takes the last, which is not the one that is read out of the address.
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise BadAddress(
            N_("The address of the team's store says {names} twice. {shape}", names=", ".join(twice), shape=_SHAPE)
        )
    # A socket's folder has no place before the slash.
    host = parts.hostname or dict(more).get("host", "")
    others = tuple((name, value) for name, value in more if name != "host")
    address = Address(host, port, unquote(parts.username or ""), unquote(parts.path.strip("/")), others)
    if not address.host and not dict(more).get("service"):
        raise BadAddress(N_("The address of the team's store names no host. {shape}", shape=_SHAPE))
    require_host(address.host)
    return address


def require_host(host: str) -> None:
    """Raises BadAddress for what cannot be the name of a computer, or the folder of a socket."""
    try:
        known = host.startswith("/") or host.isascii() or bool(host.encode("idna"))
    except UnicodeError:
        known = False
    # libpq goes on to the next of several, which may be elsewhere though the first one is here.
    if not known or "," in host or any(sign.isspace() or not sign.isprintable() for sign in host):
        raise BadAddress(N_("The host of the team's store cannot be the name of a computer. {shape}", shape=_SHAPE))

"""Secrets in what people hand on: known by the name of a key at any depth, by their own shape, or in an address.

One rule for everything that comes in (old folders, bundles) and goes out (bundles, exported folders): a key whose name
speaks of a token, a password or the like loses its value, whatever else is in that name; so does everything below it.
Flags stay: that a token is needed is no secret.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from store.codec import parsed_json

DEEPEST = 200
_PARTS = (
    "token", "passw", "passphrase", "pwd", "secret", "apikey", "accesskey", "privatekey", "authkey", "credential",
    "authoriz", "authoris", "authheader", "bearer", "cookie", "sessionid", "jwt", "kennwort", "motdepasse", "contrasen",
    "passcode", "passord", "wachtwoord", "losenord", "adgangskode", "salasana", "hasło", "heslo", "jelszo",
    "sifre", "пароль", "パスワード", "密码", "密碼", "비밀번호", "geheim", "webhook", "connectionstring",
    "sshkey", "encryptionkey", "signingkey", "licensekey", "licencekey", "csrf", "xsrf",
)  # fmt: skip
_WORDS = frozenset({
    "pat", "auth", "pass", "pw", "creds", "cred", "oauth", "sig", "signature", "tok", "pin", "otp", "ntlm", "dsn",
    "senha", "parola",
})  # fmt: skip
# Names of what may be a secret or something else: there the value tells, see `_is_opaque`.
_EITHER = frozenset({"session", "sess", "sid", "keyfile"})
_LIKE_LETTERS = str.maketrans("0134579@$", "oieastgas")
_OPAQUE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w\-+/=.~%]{16,}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# A day, a path, a file's name, or words.
_TELLING = re.compile(r"^\d{4}-\d\d-\d\d|^[./~]|\.[A-Za-z]\w{1,5}$|(?:^|[\-_.])[A-Za-z]{4,}(?:[\-_.]|$)")
# Of an entry that says by its values what it is: {"name": "token", "value": …}.
_NAMED_BY, _VALUED_BY = ("name", "key", "header", "variable"), ("value", "val", "content")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_NO_LETTER = re.compile(r"[\W_]+")
# Tokens as their makers write them, and headers.
_SHAPES = re.compile(
    r"ATATT[\w\-=+/]{16,}|gh[opsur]_\w{20,}|github_pat_\w{20,}|glpat-[\w\-]{16,}|xox[abpr]-[\w\-]{10,}|lin_api_\w{16,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)"
    r"|eyJ[\w\-]{8,1000}\.[\w\-]{8,}\.[\w\-]*|\b(?i:bearer|basic)\s+(?=\S*(?:\d|=|[a-z][A-Z]))[\w\-+/=.~]{8,}"
)
_USER_OF_A_COMMAND = re.compile(r"(?<!\S)(?:-u|--user|--proxy-user)[ =]\S+:\S+")
_USER_IN_ADDRESS = re.compile(r"(?<=://)[^\s/?#\"'<>]*@")
_ADDRESS_NAME = re.compile(r"url|uri|address|host|server|site|endpoint|link", re.IGNORECASE)
_USER_WITHOUT_SCHEME = re.compile(r"^[^\s/?#@]+@(?=[\w\-.]+(?::\d+)?(?:[/?#]\S*)?$)")
_PARAMETER = re.compile(r"(?<=[?&;#])([\w.%~\-]+)=([^&#;\s\"'<>]*)")


def _bare(text: str) -> str:
    """Full-width letters are the same ones, and signs above letters are left out by many."""
    apart = "".join(each for each in unicodedata.normalize("NFKD", text) if unicodedata.category(each) != "Mn")
    return unicodedata.normalize("NFC", apart)


_BARE_PARTS = tuple(map(_bare, _PARTS))


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Whether what stands under this name must not be kept or handed on."""
    words = _NO_LETTER.split(_HUMP.sub("_", _bare(name)).casefold())
    plain = "".join(words)
    # Some write digits for letters: t0ken, p4ssw0rd.
    alike = plain.translate(_LIKE_LETTERS)
    if any(part in plain or part in alike for part in _BARE_PARTS):
        return True
    return plain.endswith("auth") or not _WORDS.isdisjoint(words)


def _is_secret_under(name: Any, value: Any) -> bool:
    """Whether this must not be kept or handed on: by its name, or by a name that may mean a secret and a value that
    says nothing to a person."""
    if not isinstance(name, str):
        return False
    return is_secret_name(name) or (isinstance(value, str) and _may_be_secret(name) and _is_opaque(value))


def _may_be_secret(name: str) -> bool:
    words = _NO_LETTER.split(_HUMP.sub("_", _bare(name)).casefold())
    return not _EITHER.isdisjoint({*words, "".join(words)})


def _is_opaque(value: str) -> bool:
    if _UUID.fullmatch(value):
        return True
    return bool(_OPAQUE.fullmatch(value)) and not _TELLING.search(value)


def without_secrets(value: Any, depth: int = 0) -> Any:
    """JSON as it came, without the secrets in it; what is deeper than anybody writes goes too."""
    if isinstance(value, str):
        return _text_without(value, depth)
    if depth >= DEEPEST:
        return None
    if isinstance(value, Mapping):
        cleaned = {}
        value = _without_named(value)
        for name, member in value.items():
            if not _is_secret_under(name, member):
                cleaned[name] = without_secrets(_without_user(name, member), depth + 1)
            elif not _is_secret(member):
                cleaned[name] = _emptied(member, depth + 1)
        return cleaned
    if isinstance(value, list | tuple):
        entries = _without_paired(value) if all(map(_is_pair, value)) else value
        return [without_secrets(entry, depth + 1) for entry in entries]
    return value


def _text_without(text: str, depth: int) -> str:
    """A text that is JSON itself is looked into."""
    if text[:1] in ("{", "[") and depth < DEEPEST:
        try:
            inside = parsed_json(text)
        except ValueError:
            return in_clear(text)
        cleaned = without_secrets(inside, depth + 1)
        return text if cleaned == inside else json.dumps(cleaned, ensure_ascii=False)
    return in_clear(text)


def _is_named(entry: Mapping[Any, Any]) -> bool:
    """Whether one of its values says that another one is a secret."""
    names = (entry.get(each) for each in _NAMED_BY)
    return any(isinstance(name, str) and is_secret_name(name) for name in names)


def _without_named(entry: Mapping[Any, Any]) -> Mapping[Any, Any]:
    if not any(each in entry for each in _VALUED_BY) or not _is_named(entry):
        return entry
    return {name: member for name, member in entry.items() if name not in _VALUED_BY or not _is_secret(member)}


def _is_pair(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) == 2 and isinstance(value[0], str)


def _without_paired(pairs: Sequence[Any]) -> Sequence[Any]:
    """As headers are often kept: [["X-Token", "…"], ["Accept", "…"]]."""
    return [pair[:1] if is_secret_name(pair[0]) and isinstance(pair[1], str) else pair for pair in pairs]


def in_clear(text: str) -> str:
    """A text without tokens of a known shape, and its addresses without names, passwords and tokens."""
    if len(text) < 9:
        return text
    if "://" in text or "@" in text or "=" in text:
        text = _USER_IN_ADDRESS.sub("", text)
        text = _PARAMETER.sub(lambda match: "" if is_secret_name(match[1]) else match[0], text)
    if "-u" in text or "--proxy-u" in text:
        text = _USER_OF_A_COMMAND.sub("", text)
    return _SHAPES.sub("", text)


def _without_user(name: Any, value: Any) -> Any:
    """An address that begins with who asks, where its name says that it is one; elsewhere it may be an e-mail's."""
    if isinstance(name, str) and isinstance(value, str) and "@" in value and _ADDRESS_NAME.search(name):
        return _USER_WITHOUT_SCHEME.sub("", value)
    return value


def secrets_in(value: Any, depth: int = 0) -> Iterator[tuple[str, str]]:
    """Name and text of every secret in JSON that a key's name gives away."""
    if depth >= DEEPEST:
        return
    if isinstance(value, Mapping):
        named = any(each in value for each in _VALUED_BY) and _is_named(value)
        for name, member in value.items():
            if _is_secret_under(name, member) or (named and name in _VALUED_BY):
                yield from ((name, text) for text in _texts(member, depth + 1))
            else:
                yield from secrets_in(member, depth + 1)
    elif isinstance(value, list | tuple):
        for member in value:
            yield from secrets_in(member, depth + 1)


def in_addresses(text: str) -> Iterator[str]:
    """Passwords and tokens in the addresses of a text."""
    for match in _USER_IN_ADDRESS.finditer(text):
        yield match[0].rstrip("@").partition(":")[2]
    for match in _PARAMETER.finditer(text):
        if is_secret_name(match[1]):
            yield match[2]


def _is_secret(value: Any) -> bool:
    return isinstance(value, str | int | float | bytes) and not isinstance(value, bool)


def _emptied(value: Any, depth: int) -> Any:
    """What stands below a secret's name: its shape and its flags."""
    if depth >= DEEPEST:
        return None
    if isinstance(value, Mapping):
        return {name: _emptied(member, depth + 1) for name, member in value.items() if not _is_secret(member)}
    if isinstance(value, list | tuple):
        return [_emptied(member, depth + 1) for member in value if not _is_secret(member)]
    return value


def _texts(value: Any, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth < DEEPEST and isinstance(value, Mapping):
        for member in value.values():
            yield from _texts(member, depth + 1)
    elif depth < DEEPEST and isinstance(value, list | tuple):
        for member in value:
            yield from _texts(member, depth + 1)

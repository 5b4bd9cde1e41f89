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
    "pasword", "paswd", "psswd", "pswd", "connstr", "connectionstr", "sessid", "accesscode", "recoverycode", "privkey",
    "haslo", "lozinka", "slaptazod", "zaporka", "katasandi", "matkhau", "kodeord", "zugangsdaten", "anmeldedaten",
    "credencial", "credenzial", "zugangsschlussel", "apischlussel", "claveapi", "clavesecret", "chaveapi",
    "токен", "секрет", "ключдоступа", "トークン", "秘密", "暗証", "口令", "令牌", "密钥", "密鑰", "凭证", "憑證",
    "암호", "토큰", "συνθηματικ", "סיסמה", "كلمةالمرور", "पासवर्ड", "รหัสผ่าน",
)  # fmt: skip
_WORDS = frozenset({
    "pat", "auth", "pass", "pw", "creds", "cred", "oauth", "sig", "signature", "tok", "pin", "otp", "ntlm", "dsn",
    "senha", "parola", "parool", "geslo", "mdp", "psw", "pwrd", "totp", "hotp", "credential",
    "mypat", "jirapat", "userpat", "apipat",
})  # fmt: skip
# A word that ends so is a secret's, but for these: jirapass, dbpw.
_ENDS = ("pass", "pw")
_ENDS_OTHERWISE = ("bypass", "compass", "overpass", "underpass", "surpass", "trespass")
# Whose key is a secret: app_key, hmac_key, Ocp-Apim-Subscription-Key, in one word as well.
_KEYS_OF = frozenset({
    "app", "application", "admin", "root", "hmac", "master", "shared", "consumer", "deploy", "deployment",
    "subscription", "rsa", "dsa", "ecdsa", "ed25519", "aes", "gpg", "pgp", "pem", "tls", "ssl", "cert",
    "certificate", "host", "server", "service", "client", "storage", "function", "functions", "cloud", "crypto",
    "cipher", "crypt", "decryption", "encrypt", "decrypt", "sign", "signed", "verify", "wallet", "recovery",
    "backup", "unlock", "activation", "instrumentation", "ingestion", "push", "vapid", "sas", "aws", "azure", "gcp",
    "google", "openai", "stripe", "sendgrid", "mailgun", "twilio", "sentry", "datadog", "newrelic", "pagerduty",
    "opsgenie", "splunk", "rapidapi", "github", "gitlab", "bitbucket", "atlassian", "slack", "security", "secure",
    "symmetric", "private", "priv", "session", "bridge", "machine", "vault", "kms", "jws", "jwe",
})  # fmt: skip
_KEY_IN_ONE_WORD = re.compile(rf"(?:{'|'.join(sorted(_KEYS_OF))})keys?$")
# Whose key is none: it tells one thing from others, or how they are sorted.
_KEYS_OF_THINGS = frozenset({
    "issue", "project", "sort", "order", "primary", "foreign", "cache", "parent", "child", "epic", "initiative",
    "story", "task", "subtask", "bug", "item", "work", "query", "board", "status", "field", "group", "component",
    "version", "release", "sprint", "team", "filter", "type", "category", "label", "link", "property", "plugin",
    "module", "entity", "object", "index", "unique", "lookup", "map", "dict", "json", "translation", "message",
    "i18n", "color", "theme", "space", "page", "role", "metric", "widget", "column", "row", "table", "cell",
    "feature", "portfolio", "goal", "milestone", "request", "desk", "inward", "outward", "source", "target",
    "partition", "range", "hash", "natural", "composite", "surrogate", "repo", "repository", "branch", "public",
    "hot", "shortcut", "arrow", "tab", "enter", "user", "actor", "author", "assignee", "reporter", "creator",
    "owner", "first", "last", "next", "previous", "prev", "current", "old", "new", "other", "same", "by",
})  # fmt: skip
# Names of what may be a secret or something else: there the value tells, see `_is_opaque`.
_EITHER = frozenset({"session", "sess", "sid", "keyfile", "keystore", "keytab"})
# The same of names whose values, where they are none, are the key of an issue or project, a way in, or a number; a
# password is no such thing, see `_is_secretive`. The word for a key is in many languages that of Jira's own.
_PERHAPS = frozenset({
    "clave", "chave", "chiave", "llave", "cle", "schlussel", "schluessel", "sleutel", "nyckel", "nokkel", "klucz",
    "klic", "avain", "kulcs", "anahtar", "ключ", "キー", "pem", "pfx", "hmac", "sas", "rsa", "authentication",
    "authentification", "authentifizierung", "authentisierung", "autenticacion", "autenticacao", "autenticazione",
})  # fmt: skip
_SECRETIVE = re.compile(r"(?=\S*\d)(?=\S*[A-Za-z])\S{8,}")
# Of an issue or a field, a day, a way in (OAuth2), a path, an address.
_PLAIN = re.compile(
    r"[A-Z][A-Z0-9_]*-\d+|JIRAUSER\d+|customfield_\d+|\d{4}-\S*|[./~]\S*|[A-Za-z]:\\\S*|\w+://\S*|\S+\.[A-Za-z]\w{1,5}"
    r"|(?i:oauth|saml|http)\S{0,8}"
)
_SHORTEST = 8
_LIKE_LETTERS = str.maketrans("0134579@$", "oieastgas")
_OPAQUE = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w\-+/=.~%]{16,}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
# A day, a path, a file's name, or words.
_TELLING = re.compile(r"^\d{4}-\d\d-\d\d|^[./~]|\.[A-Za-z]\w{1,5}$|(?:^|[\-_.])[A-Za-z]{4,}(?:[\-_.]|$)")
# Of an entry that says by its values what it is: {"name": "token", "value": …}.
_NAMED_BY, _VALUED_BY = ("name", "key", "header", "variable"), ("value", "val", "content")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NO_LETTER = re.compile(r"[\W_]+")
# Tokens as their makers write them, and headers.
_SHAPES = re.compile(
    r"AT(?:ATT|CTT|BB)[\w\-=+/]{16,}|AIza[\w\-]{35}|AKIA[A-Z0-9]{16}|[sr]k_live_\w{16,}|xapp-[\w\-]{10,}"
    r"|gh[opsur]_\w{20,}|github_pat_\w{20,}|glpat-[\w\-]{16,}|xox[abeprs]-[\w\-]{10,}|lin_api_\w{16,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)"
    r"|eyJ[\w\-]{8,1000}\.[\w\-]{8,}\.[\w\-]*|\b(?i:bearer|basic)\s+(?=\S*(?:\d|=|[a-z][A-Z]))[\w\-+/=.~]{8,}"
)
_USER_OF_A_COMMAND = re.compile(r"(?<!\S)(?:-u|--user|--proxy-user)[ =]\S+:\S+")
_USER_IN_ADDRESS = re.compile(r"(?<=://)[^\s/?#\"'<>]*@")
_ADDRESS_NAME = re.compile(r"url|uri|address|host|server|site|endpoint|link", re.IGNORECASE)
_USER_WITHOUT_SCHEME = re.compile(r"^[^\s/?#@]+@(?=[\w\-.]+(?::\d+)?(?:[/?#]\S*)?$)")
# Up to where an address says who listens, and what comes then.
_HOOK = re.compile(
    r"(?<=://)((?:hooks?\.[\w.\-]{1,200}|[\w.\-]{0,99}webhook[\w.\-]{1,99})(?::\d+)?/|hc-ping\.com/"
    r"|[^\s/?#\"'<>]{1,255}/(?:[^\s/?#\"'<>]{1,99}/){0,6}?(?:[\w\-]{0,30}hooks?(?:b2)?/|bot(?=\d)|key/|integration/|pro/))"
    r"([^\s\"'<>]+)",
    re.IGNORECASE,
)
_KNOWN_HOOK = re.compile(
    r"hooks\.(?:slack|zapier)\.com|hook\.[\w.]*(?:make|integromat)\.com|discord(?:app)?\.com/api/webhooks|hc-ping\.com"
    r"|[\w\-]+\.webhook\.office\.com|outlook\.office(?:365)?\.com/webhook|api\.telegram\.org/bot|webhook\.site"
    r"|maker\.ifttt\.com|events\.pagerduty\.com|automation\.atlassian\.com",
    re.IGNORECASE,
)
_PARAMETER = re.compile(r"(?<=[?&;#])([\w.%~\-]+)=([^&#;\s\"'<>]*)")


def _bare(text: str) -> str:
    """Full-width letters are the same ones, and signs above letters are left out by many."""
    apart = "".join(each for each in unicodedata.normalize("NFKD", text) if unicodedata.category(each) != "Mn")
    return unicodedata.normalize("NFC", apart)


_BARE_PARTS = tuple(map(_bare, _PARTS))


@lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Whether what stands under this name must not be kept or handed on."""
    words = _words_of(name)
    plain = "".join(words)
    # Some write digits for letters: t0ken, p4ssw0rd.
    alike = plain.translate(_LIKE_LETTERS)
    if any(part in plain or part in alike for part in _BARE_PARTS):
        return True
    if plain.endswith("auth") or not _WORDS.isdisjoint((*words, words[-1].rstrip("0123456789"))):
        return True
    return any(map(_ends_in_one, words)) or _is_secret_key(words)


def _words_of(name: str) -> list[str]:
    return [word for word in _NO_LETTER.split(_HUMP.sub("_", _bare(name)).casefold()) if word] or [""]


def _ends_in_one(word: str) -> bool:
    return word.endswith(_ENDS) and not word.endswith(_ENDS_OTHERWISE)


def _is_secret_key(words: Sequence[str]) -> bool:
    return _whose_key(words) in _KEYS_OF or bool(_KEY_IN_ONE_WORD.fullmatch("".join(words)))


def _whose_key(words: Sequence[str]) -> str:
    """What comes before "key" at the end of a name, whatever its number; empty where nothing does."""
    named = [word for word in (each.rstrip("0123456789") for each in words) if word]
    return named[-2] if len(named) > 1 and named[-1] in ("key", "keys") else ""


def _is_secret_under(name: Any, value: Any) -> bool:
    """Whether this must not be kept or handed on: by its name, or by a name that may mean a secret and a value that
    says nothing to a person."""
    if not isinstance(name, str):
        return False
    if is_secret_name(name):
        return True
    if not isinstance(value, str) or len(value) < _SHORTEST:
        return False
    return (_may_be_secret(name) and _is_opaque(value)) or (_is_perhaps_secret(name) and _is_secretive(value))


@lru_cache(maxsize=4096)
def _may_be_secret(name: str) -> bool:
    words = _words_of(name)
    return not _EITHER.isdisjoint({*words, "".join(words)})


@lru_cache(maxsize=4096)
def _is_perhaps_secret(name: str) -> bool:
    """A key of what nobody knows, or the word for one in another language."""
    words = _words_of(name)
    whose = _whose_key(words)
    return bool(whose and whose not in _KEYS_OF_THINGS) or words[-1] in _PERHAPS


def _is_secretive(value: str) -> bool:
    return bool(_SECRETIVE.fullmatch(value)) and not _PLAIN.fullmatch(value)


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
        text = _PARAMETER.sub(lambda match: "" if _is_secret_parameter(*match.groups()) else match[0], text)
        text = _HOOK.sub(lambda match: match[1] if _is_secret_hook(match) else match[0], text)
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
        if _is_secret_parameter(*match.groups()):
            yield match[2]
    yield from (match[2] for match in _HOOK.finditer(text) if _is_secret_hook(match))


def _is_secret_parameter(name: str, value: str) -> bool:
    return _is_secret_under(name, value) or (name.casefold() == "key" and _is_opaque(value))


def _is_secret_hook(match: re.Match[str]) -> bool:
    """An address that anybody may write to who knows it: those of makers who are known, or where a part of it says
    nothing to a person."""
    return bool(_KNOWN_HOOK.match(match[1])) or any(map(_is_opaque, re.split(r"[/?&=@#]", match[2])))


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

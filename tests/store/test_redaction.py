"""What is a secret, under whatever name and however deep; and what only looks like one."""

from __future__ import annotations

import json

import pytest

from store import redaction

PLANTED = "planted-Secret-41c7"
NAMES = [
    "token", "Token", "jira_token", "jiraToken", "JIRA-API-TOKEN", "api.token", "accessToken", "access_token_secret",
    "personal access token", "x-auth-token", "bearer", "pat", "jira_pat", "PAT", "password", "passwd", "passWord",
    "userPassword", "pwd", "passphrase", "pass", "secret", "client_secret", "clientSecret", "apiKey", "api_key",
    "API-Key", "apikey", "private_key", "access key", "credentials", "creds", "authorization", "Authorization",
    "ｔｏｋｅｎ", "to\u200bken", "contraseña", "CONTRASEÑA", "senha", "пароль", "パスワード", "密码", "비밀번호",
    "hasło", "şifre",
    "passcode", "pin", "otp_seed", "webhook_url", "connectionString", "ssh_key", "encryption-key", "csrf", "dsn",
    "t0ken", "p4ssw0rd", "jira_t0k3n", "S3cret",
    "userpass", "jirapass", "dbpw", "jira_pw2", "pswd", "haslo", "lozinka", "Zugangsdaten", "PHPSESSID", "app_key",
    "AppKey", "hmac_key", "HMACKey", "Ocp-Apim-Subscription-Key", "master_key", "shared_key", "consumer_key", "MYPAT",
    "deploy_key", "privkey", "rsa_key", "x-functions-key", "storageKey", "app_key_2",
    "auth", "basicAuth", "oauth", "authHeader", "cookie", "JSESSIONID", "sessionId", "Kennwort", "Passwort", "jwt",
]  # fmt: skip
PLAIN_NAMES = [
    "bypass", "compass", "issue_key", "projectKey", "sort_key", "primary_key", "last_cache_key", "clave", "Chave",
    "authentication", "authentication_method", "monkey", "keyboard", "epicKey", "parent-key", "userKey", "group_key",
    "pinned", "spinner", "opinion", "key_file", "Schlüssel", "Clé", "signed_off", "license",
    "author", "authors", "path", "patch", "pattern", "points_field", "keys", "key", "passing", "compass", "base_url",
    "project", "status", "session", "email", "name", "customfield_10016",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_what_a_name_gives_away_is_taken_out_at_any_depth(name: str) -> None:
    document = {
        name: PLANTED,
        "a": [{"b": {name: PLANTED}}],
        "c": {name: {"user": "ann", "value": [PLANTED, {"x": PLANTED}]}},
        "kept": "value",
    }
    cleaned = redaction.without_secrets(document)
    assert PLANTED not in json.dumps(cleaned)
    assert cleaned["kept"] == "value"
    assert {text for _, text in redaction.secrets_in(document)} == {PLANTED, "ann"}


@pytest.mark.parametrize(
    "document",
    [
        [{"name": "token", "value": PLANTED}],
        {"headers": [{"key": "X-Auth-Token", "val": PLANTED, "note": "kept"}]},
        {"headers": [["Authorization", PLANTED], ["Accept", "json"]]},
        {"raw": json.dumps({"token": PLANTED, "deep": [{"password": PLANTED}]})},
        {"raw": json.dumps({"in": json.dumps({"api_key": PLANTED})})},
        {"command": f"curl -u me@example.com:{PLANTED} https://jira.example.com"},
        {"command": f"wget --user=me:{PLANTED}"},
    ],
)
def test_what_another_value_or_a_text_in_it_gives_away_is_taken_out(document: object) -> None:
    assert PLANTED not in json.dumps(redaction.without_secrets(document))


def test_what_only_looks_like_it_stays() -> None:
    document = {
        "a": [{"name": "points", "value": "5"}, ["token", "release-2026"], ["auth", "login"]],
        "by label": [["auth", 5], ["login", 7]],
        "b": '{"x": 1, "needs_token": true}',
        "c": "[Story] as a user -u",
        "d": {"name": "token", "value": True},
    }
    assert redaction.without_secrets(document) == document


@pytest.mark.parametrize("name", PLAIN_NAMES)
def test_a_name_that_only_looks_like_a_secrets_keeps_its_value(name: str) -> None:
    document = {name: "value", "needs_token": True, "token_in_legacy": False, "deep": [{name: 5}]}
    assert redaction.without_secrets(document) == document


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("clave", "PROJECT-12345"), ("jira_key", "PROJECT1-123"), ("user_key", "JIRAUSER10100"),
        ("points_key", "customfield_10016"), ("authentication", "OAuth2.0"), ("some_key", "/home/ann/2026/key"),
        ("cache_key", "0a975a7e5a68a7d76ea01d35911800c7"), ("sort_key", "created2026at"), ("week_key", "2026-W12"),
    ],
)  # fmt: skip
def test_what_a_key_may_be_otherwise_stays(name: str, value: str) -> None:
    assert redaction.without_secrets({name: value}) == {name: value}


@pytest.mark.parametrize("name", ["account_key", "kube_key", "myKey", "clave", "Chave", "authentication", "pem"])
@pytest.mark.parametrize("value", [PLANTED, "Winter2025!ab", "0123abcd4567"])
def test_a_password_is_no_key_of_an_issue(name: str, value: str) -> None:
    document = {"a": [{name: value, "kept": "value"}]}
    assert redaction.without_secrets(document) == {"a": [{"kept": "value"}]}
    assert list(redaction.secrets_in(document)) == [(name, value)]


HOOKS = [
    ("https://hooks.slack.com/", "services/T0/B0/plantedplanted"),
    ("https://team.webhook.office.com/", "webhookb2/planted@planted/IncomingWebhook/planted"),
    ("https://discord.com/api/webhooks/", "1234/planted"),
    ("https://api.telegram.org/bot", "123456:AAplanted/sendMessage"),
    ("https://chat.example.com/hooks/", "9xh5k3bqdpr7mbz5n8yq1e6c4w"),
    ("https://flows.example.com/webhook/", "3f2504e0-4f89-11d3-9a0c-0305e82c3301"),
    ("https://maker.ifttt.com/trigger/e/with/key/", "planted"),
]


@pytest.mark.parametrize(("place", "secret"), HOOKS)
def test_an_address_that_whoever_knows_it_may_write_to_loses_what_tells_it_from_others(place: str, secret: str) -> None:
    assert redaction.without_secrets({"notify": f"to {place}{secret} daily"}) == {"notify": f"to {place} daily"}
    assert list(redaction.in_addresses(f"{place}{secret}")) == [secret]


@pytest.mark.parametrize(
    "address",
    [
        "https://developer.example.com/platform/webhooks/registering-a-webhook-2",
        "https://git.example.com/org/repo/blob/main/hooks/pre-commit.sh",
        "https://example.com/key/value?key=ABC-12",
    ],
)
def test_an_address_that_tells_of_such_stays(address: str) -> None:
    assert redaction.without_secrets({"note": address}) == {"note": address}


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://ann:planted@jira.example.com/browse/A-1", "https://jira.example.com/browse/A-1"),
        ("https://planted@jira.example.com", "https://jira.example.com"),
        ("see https://a:b@x.example and https://c@y.example.", "see https://x.example and https://y.example."),
        ("https://jira.example.com/?token=planted&view=1", "https://jira.example.com/?&view=1"),
        ("https://jira.example.com/?a=1&os_password=planted#x", "https://jira.example.com/?a=1&#x"),
        ("https://jira.example.com/#access_token=planted", "https://jira.example.com/#"),
        ("https://hooks.example.com/in?sv=1&sig=planted", "https://hooks.example.com/in?sv=1&"),
        ("sent as Bearer planted-planted-1234", "sent as "),
        ("Authorization: Basic cGxhbnRlZDpwbGFudGVk", "Authorization: "),
        ("ATATT3xFfGF0plantedplantedplanted=1A2B3C4D", ""),
        ("ann@example.com", "ann@example.com"),
        ("Reviewer:ann@example.com", "Reviewer:ann@example.com"),
        ("https://jira.example.com/issues/?jql=project=ABC", "https://jira.example.com/issues/?jql=project=ABC"),
        ("a basic description of it", "a basic description of it"),
    ],
)
def test_addresses_and_headers_lose_what_is_secret_in_them(text: str, kept: str) -> None:
    assert redaction.without_secrets({"note": text}) == {"note": kept}


def test_an_address_without_its_scheme_loses_who_asks_where_its_name_says_that_it_is_one() -> None:
    texts = {"base_url": "ann:planted@jira.example.com/jira", "email": "ann@example.com"}
    assert redaction.without_secrets(texts) == {"base_url": "jira.example.com/jira", "email": "ann@example.com"}


@pytest.mark.parametrize("name", ["session", "jira.session", "SID", "key_file", "keyFile", "sess"])
@pytest.mark.parametrize(
    "value",
    [
        "zQ053kPlantedSecret4711xY",
        "n1l7hqr3k5vfs0a2b8c9d4e6g7",
        "8F3A1B2C4D5E6F708192A3B4C5D6E7F8",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "QmFzZTY0L2xpa2UrdGhpczE9PQ==",
    ],
)
def test_under_a_name_that_may_mean_either_what_says_nothing_to_a_person_is_taken_out(name: str, value: str) -> None:
    document = {"a": [{name: value, "kept": "value"}]}
    assert redaction.without_secrets(document) == {"a": [{"kept": "value"}]}
    assert list(redaction.secrets_in(document)) == [(name, value)]


@pytest.mark.parametrize("name", ["session", "sid", "key_file"])
@pytest.mark.parametrize(
    "value",
    [
        "2026-01-05T10:00:00Z",
        "/home/ann/keys/jira2024key",
        "C:\\Users\\ann\\jira2024.pem",
        "keys-of-2026-jira.pem",
        "jira2024production.key",
        "Planning 2026, second half",
        "retrospective-2026-01",
        "release_2026_spring_1",
        "S12",
        "0123456789012345",
        "afternoonsession",
    ],
)
def test_under_such_a_name_a_day_a_path_and_words_stay(name: str, value: str) -> None:
    assert redaction.without_secrets({name: value}) == {name: value}


@pytest.mark.parametrize("name", ["salt", "note", "sessions_held", "id", "commit"])
def test_under_any_other_name_no_value_is_guessed_at(name: str) -> None:
    """A salt is no secret: it lies openly beside what it was used for."""
    assert redaction.without_secrets({name: "n1l7hqr3k5vfs0a2b8c9d4e6g7"}) == {name: "n1l7hqr3k5vfs0a2b8c9d4e6g7"}


def test_a_private_key_is_taken_out_wherever_it_stands() -> None:
    key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----"
    assert redaction.without_secrets({"key_file": f"a {key} b"}) == {"key_file": "a  b"}
    assert redaction.without_secrets({"x": key[:50]}) == {"x": ""}
    public = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"
    assert redaction.without_secrets({"ca": public}) == {"ca": public}


def test_what_is_deeper_than_anybody_writes_does_not_stop_the_rest() -> None:
    deep: object = PLANTED
    for _ in range(2000):
        deep = {"a": deep}
    assert redaction.without_secrets({"deep": deep, "kept": 1})["kept"] == 1


@pytest.mark.slow
def test_beginnings_of_tokens_without_an_end_take_no_time() -> None:
    """Looked at from each of them to the end this would take an hour."""
    text = "eyJ" * 300_000
    assert redaction.without_secrets({"note": text}) == {"note": text}

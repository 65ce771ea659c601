"""Every address and every form, with what nobody should send: the answer is never a fault of the server.

Forms are found by walking through the product as each of the cast would; addresses come from the URL configuration.
`LUOSHI_FUZZ=100000` sends that many requests instead of a few hundred; the seed is printed and can be given again as
`LUOSHI_FUZZ_SEED`.
"""

from __future__ import annotations

import os
import random
import uuid
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from lxml import html

from cast import Cast
from luoshi.org.models import Post
from luoshi.org.policy import SYSTEM_ACTOR
from luoshi.work import registers
from luoshi.work.enums import State
from work.matters import Maker

pytestmark = pytest.mark.django_db

REQUESTS: Final = int(os.environ.get("LUOSHI_FUZZ", "700"))
WALKED: Final = 45
WHO: Final = ("supervisor", "school_head", "school_officer", "leader", "system_admin", "security_admin", "audit_admin")

NASTY: Final = (
    "", " ", "\x00", "\u202e反", "𠮷😀", "'\"<>&;--", "{{7*7}}{% x %}", "%s%n%d", "../../etc/passwd", "-1", "0", "1e309", "NaN",
    "9" * 40, "2026-02-30", "0001-01-01", "9999-12-31", "10000-01-01", "true", "null", "[]", "{}", "١٢٣", "a" * 70_000, "槐" * 5_000,
    "=HYPERLINK(1)", "\r\nSet-Cookie: a=b", "http://evil.example/", "//evil.example", str(uuid.UUID(int=0)), "\ud7ff", "\u200f",
)  # fmt: skip


@dataclass
class Form:
    """One form of one page: where it goes, and with which values the page itself would send it."""

    url: str
    method: str
    values: dict[str, list[str]] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)


def parsed(page: str) -> Any:
    """Read a page; lxml's types know too little of forms."""
    return html.fromstring(page)


def forms_of(page: str, url: str) -> Iterator[Form]:
    """Read the forms of a page."""
    for form in parsed(page).forms:
        method = (form.method or "GET").upper()
        target = urljoin(url, form.action or "")
        files = [str(box.get("name")) for box in form.xpath(".//input[@type='file'][@name]")]
        values: dict[str, list[str]] = {}
        for name, value in form.form_values():
            values.setdefault(str(name), []).append(str(value))
        for box in form.xpath(".//*[@name]"):
            values.setdefault(str(box.get("name")), [""])
        yield Form(target, method, {name: value for name, value in values.items() if name not in files}, files)


def walk(client: Client, start: str = "/") -> tuple[list[str], list[Form]]:
    """Follow links from the first page; return the pages seen and every form on them, each kind once."""
    waiting, seen = deque([start]), {start}
    forms: dict[tuple[str, str, tuple[str, ...]], Form] = {}
    while waiting and len(seen) < WALKED * 3:
        url = waiting.popleft()
        answer = client.get(url)
        assert answer.status_code < 500, url
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        page = answer.content.decode()
        for form in forms_of(page, url):
            forms.setdefault((urlsplit(form.url).path, form.method, tuple(sorted(form.values))), form)
        for link in parsed(page).xpath("//a[@href]/@href"):
            target = urljoin(url, str(link))
            path = urlsplit(target).path
            if target.startswith("/") and path not in {urlsplit(one).path for one in seen} and len(seen) < WALKED:
                seen.add(target)
                waiting.append(target)
    return sorted(seen), list(forms.values())


def addresses(resolver: URLResolver | None = None, before: str = "") -> Iterator[str]:
    """Yield every route of the product, as the URL configuration writes it."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + str(entry.pattern).removeprefix("^")
        if isinstance(entry, URLPattern):
            yield route
        else:
            yield from addresses(entry, route)


def filled(route: str, chance: random.Random) -> str:
    """Put something into each part of a route that varies."""
    parts = []
    for part in route.split("<"):
        kind, found, rest = part.partition(">")
        if not found:
            parts.append(part)
        elif kind.startswith("int:"):
            parts.append(chance.choice(("0", "1", "2", "3", "9" * 18, "9" * 30)) + rest)
        elif kind.startswith("uuid:"):
            parts.append(str(uuid.UUID(int=chance.getrandbits(128), version=4)) + rest)
        else:
            parts.append(chance.choice(("task", "hazard", "HS-1", "YL", "assign", "nothing", "x" * 90, "-")) + rest)
    return "/" + "".join(parts)


def spoilt(form: Form, chance: random.Random) -> dict[str, Any]:
    """Return a form's values with a few of them replaced, repeated or left out, and files that are not what they say."""
    values: dict[str, Any] = {name: list(value) for name, value in form.values.items() if name != "csrfmiddlewaretoken"}
    for name in list(values):
        match chance.randrange(6):
            case 0:
                values[name] = [chance.choice(NASTY)]
            case 1:
                values[name] = [chance.choice(NASTY), *values[name]]
            case 2 if chance.random() < 0.3:
                del values[name]
    for name in form.files:
        content = chance.choice(
            (b"", b"PK\x03\x04 no archive", b"%PDF-1.7 nothing", os.urandom(300), b"\xff\xd8\xff\xe0jpg")
        )
        values[name] = [SimpleUploadedFile(chance.choice(("通知.pdf", "a.xlsx", "x.html", "." * 200)), content)]
    values[chance.choice(("unknown", "operation", "seen", "page", "after"))] = [chance.choice(NASTY)]
    return values


@pytest.fixture
def filled_product(cast: Cast) -> Cast:
    """Return the cast in an installation where something happens in every state."""
    registers.sync(by=SYSTEM_ACTOR)
    maker = Maker(cast)
    for state in State:
        maker.in_state(state, "charge")
    waiting = Post.objects.filter(person=cast.people["observer"])
    waiting.update(confirmed_at=None)
    return cast


def signed_in(cast: Cast, name: str) -> Client:
    """Return a browser in which one of the cast is signed in; the server's faults are answers, as for anybody."""
    client = Client(raise_request_exception=True, headers={"accept-language": "zh"})
    account = cast.people[name].account
    assert account is not None
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("who", [*WHO, "stranger", None])
def test_no_address_and_no_form_breaks_the_server(filled_product: Cast, who: str | None) -> None:
    seed = int(os.environ.get("LUOSHI_FUZZ_SEED", random.SystemRandom().randrange(10**9)))
    print(f"LUOSHI_FUZZ_SEED={seed}")  # noqa: T201 — pytest shows it where the test fails
    chance = random.Random(seed)
    client = Client() if who is None else signed_in(filled_product, who)
    pages, forms = walk(client)
    routes = list(addresses())
    worst: dict[int, str] = {}
    for _ in range(REQUESTS // (len(WHO) + 2)):
        what = chance.random()
        if what < 0.35 or not forms:
            url = filled(chance.choice(routes), chance)
            send = chance.choice((client.get, client.get, client.post, client.head, client.put, client.delete))
            answer = send(url)
        elif what < 0.5:
            url = chance.choice(pages)
            answer = client.get(
                url, {chance.choice(("q", "after", "sort", "unit", "due_to", "state")): chance.choice(NASTY)}
            )
        else:
            form = chance.choice(forms)
            url = form.url
            if "logout" in url or "inactive" in url:
                continue
            answer = (client.post if form.method == "POST" else client.get)(url, spoilt(form, chance))
        worst[answer.status_code] = url
    assert [url for status, url in worst.items() if status >= 500] == []
    assert len(worst) > 1, "every answer was alike: nothing was tried"

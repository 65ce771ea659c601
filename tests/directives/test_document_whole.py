"""From taking a document in to what its page and its matters' pages say, through the doors that people use."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import html

from cast import Cast
from directives.making import taken_in
from directives.standing import row
from luoshi.directives.actions.confirming import confirm
from luoshi.directives.actions.review import drop, edit
from luoshi.directives.enums import Why
from luoshi.directives.models import Directive
from web.signed_in import as_

AHEAD = (timezone.localdate() + dt.timedelta(days=60)).isoformat()


def confirmed(cast: Cast) -> Directive:
    """Return a document that was reviewed and confirmed: four matters, one row not taken up."""
    directive, by = taken_in(cast), cast.actor("supervisor")
    dropped = row(directive, "课后服务")
    drop([dropped], by=by, operation=uuid.uuid4(), why=Why.NOT_A_TASK, label="principle")
    for clause in directive.clauses.exclude(pk=dropped.pk):
        edit(clause, by=by, operation=uuid.uuid4(), due=AHEAD)
    directive.refresh_from_db()
    confirm(directive, by=by, operation=uuid.uuid4())
    return Directive.objects.get(pk=directive.pk)


def page(cast: Cast, who: str, address: str) -> Any:
    """Return a page as somebody sees it."""
    answer = as_(cast, who).get(address)
    assert answer.status_code == 200
    return html.fromstring(answer.content.decode())


def test_a_confirmed_document_tells_of_its_matters_and_notices(cast: Cast) -> None:
    directive = confirmed(cast)
    found = page(cast, "leader", f"/directives/{directive.pk}/")
    assert found.xpath("string(//ul[@class='outcome-words'])").split() == ["4", "条办理中"]
    assert len(found.xpath("//div[@class='source-text']//a[contains(@class, 'chip')]")) == 4
    assert len(found.xpath("//section[@id='notices']//li")) == 4
    assert found.xpath("//section[@id='history']//li")


def test_a_matter_leads_to_its_sentence_and_its_notice_for_who_may_read_them(cast: Cast) -> None:
    directive = confirmed(cast)
    matter = row(directive, "隐患排查").matter
    assert matter is not None
    address = f"/matters/{matter.pk}/"
    office = page(cast, "supervisor", address).xpath("//section[@id='source']//a/@href")
    assert office[0] == f"/directives/{directive.pk}/#s7"
    assert len(office) == 3
    unit = page(cast, "head", address).xpath("//section[@id='source']//a/@href")
    assert [link in office[1:] for link in unit] == [True]
    assert page(cast, "head", unit[0]) is not None


def test_the_source_is_shown_once_on_a_matters_page(cast: Cast) -> None:
    matter = row(confirmed(cast), "隐患排查").matter
    assert matter is not None
    found = page(cast, "head", f"/matters/{matter.pk}/")
    assert len(found.xpath("//blockquote[contains(@class, 'source')]")) == 1


def test_a_matters_page_stays_within_its_queries_where_a_document_demands_it(cast: Cast) -> None:
    matter = row(confirmed(cast), "隐患排查").matter
    assert matter is not None
    client = as_(cast, "supervisor")
    client.get(f"/matters/{matter.pk}/")
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/matters/{matter.pk}/")
    assert len(asked) <= 16

"""What the names in a row come to among the authority's units: 各学校 are so many schools, and somebody must lead."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from luoshi.directives.units import directory
from luoshi.drafting.directory import Directory
from luoshi.drafting.proposals import Proposer
from luoshi.org.collectives import Collectives, collectives
from luoshi.reading.document import Document

__all__ = ["Bodies", "bodies"]


class Bodies:
    """The units of today, as names and duties find them."""

    def __init__(self, units: Directory, many: Collectives) -> None:
        self._proposer = _proposer(units)
        self._many = many

    def completed(self, said: dict[str, Any], document: Document) -> dict[str, Any]:
        """Return what a row says with the units that its collective words mean, and with a unit to lead them.

        Words such as 各学校 get "units", the codes of those that they mean. Where just such words stand first and no
        single unit is named, the unit whose duties fit joins the owners, marked as not said by the text: a row for
        sixty schools still needs one who answers for it.
        """
        said = {**said, "owners": list(self._meant(said["owners"])), "support": list(self._meant(said["support"]))}
        owners = said["owners"]
        if owners and owners[0].get("units") and not any(one["unit"] for one in owners):
            said["owners"] = [*owners, *self._proposed(said, document)]
        return said

    def _meant(self, named: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
        """Yield the names with the units that they mean; 幼儿园 behind 各学校 means all of them as well."""
        every = False
        for body in named:
            text = body["text"]
            codes = () if body["unit"] else self._many.meant_by(text) or (every and self._many.meant_by(f"各{text}"))
            every = bool(codes)
            yield {**body, "units": list(codes)} if codes else dict(body)

    def _proposed(self, said: Mapping[str, Any], document: Document) -> list[dict[str, Any]]:
        members = [document.sentences[index] for index in said["sentences"]]
        view = document.view
        start, end = view.clean(members[0].start), view.clean(members[-1].end)
        proposal = self._proposer.propose(view.text[start:end])
        if proposal is None:
            return []
        place = view.original(start + proposal.start, start + proposal.end)
        why = {"zh": proposal.why.zh, "en": proposal.why.en}
        body = {"text": proposal.unit.name, "s": place[0], "e": place[1], "why": why}
        return [{**body, "unit": proposal.unit.code, "implied": True}]


@lru_cache(maxsize=1)
def _proposer(units: Directory) -> Proposer:
    return Proposer(units)


def bodies() -> Bodies:
    """Return the authority's units as they are now."""
    return Bodies(directory(), collectives())

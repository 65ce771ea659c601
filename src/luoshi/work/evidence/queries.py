"""Reading evidence: what is attached where, as far as somebody may see it."""

from __future__ import annotations

from django.db.models import Max, Q, QuerySet

from luoshi.org import policy
from luoshi.org.policy import Actor
from luoshi.work.models import Attachment, Involvement, Matter

__all__ = ["attachments_for", "my_evidence"]


def attachments_for(actor: Actor) -> QuerySet[Attachment]:
    """Return all uses of evidence, also those taken back, in matters that `actor` may see."""
    matters = policy.visible(actor, Matter.objects.all())
    return Attachment.objects.filter(matter__in=matters.order_by().values("pk")).select_related("matter", "evidence")


def my_evidence(actor: Actor, text: str = "") -> QuerySet[Attachment]:
    """Return what can be handed in again without an upload: each file once, by its latest use, newest first.

    These are files in use in matters in which a unit takes part where `actor` holds a post, as far as they may see the
    matters; not those of confidential registers, whose files stay there. Every word of `text` must be in the name.
    """
    units = {post.unit.id for post in actor.posts}
    theirs = Involvement.objects.filter(unit__in=units).values("matter")
    used = attachments_for(actor).filter(detached=None, matter__confidential=False, matter__in=theirs)
    for word in text[:200].split()[:12]:
        used = used.filter(Q(name__icontains=word))
    latest = used.order_by().values("evidence").annotate(latest=Max("pk")).values("latest")
    return Attachment.objects.filter(pk__in=latest).select_related("matter", "evidence").order_by("-pk")

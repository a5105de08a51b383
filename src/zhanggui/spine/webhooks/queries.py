"""Reading who listens and what was sent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q

from zhanggui.spine.facts import registry
from zhanggui.spine.webhooks import models, rules
from zhanggui.spine.webhooks.errors import NoSuchEndpoint
from zhanggui.spine.webhooks.rules import State


def events() -> tuple[str, ...]:
    """The facts that can be chosen, by wire name. No statement."""
    return tuple(entry.name for entry in registry.entries())


def endpoints(shop: str) -> tuple[rules.Endpoint, ...]:
    """The endpoints of a shop, oldest first, with what waits for them and what gave up. One statement."""
    rows = models.Endpoint.objects.filter(shop=shop).annotate(
        waiting=Count("delivery", filter=Q(delivery__state=State.WAITING)),
        dead=Count("delivery", filter=Q(delivery__state=State.DEAD)),
    )
    return tuple(row.value for row in rows.order_by("made_at", "pk"))


def listening() -> tuple[rules.Endpoint, ...]:
    """Every endpoint that listens, of all shops. One statement; there are few."""
    return tuple(row.value for row in models.Endpoint.objects.filter(is_active=True))


def endpoint(endpoint_id: str) -> rules.Endpoint:
    """One endpoint. One statement. Primary key.

    refuses  NoSuchEndpoint
    """
    row = models.Endpoint.objects.filter(pk=UUID(endpoint_id)).first()
    if row is None:
        raise NoSuchEndpoint(endpoint_id=endpoint_id)
    return row.value


def deliveries(shop: str, *, state: State | None = None, limit: int = 50) -> tuple[rules.Delivery, ...]:
    """What was or is to be sent for a shop, newest first. One statement."""
    rows = models.Delivery.objects.filter(endpoint__shop=shop).select_related("endpoint")
    if state is not None:
        rows = rows.filter(state=state)
    return tuple(row.value for row in rows.order_by("-pk")[:limit])


def due(endpoint_id: str, *, at: datetime, limit: int) -> tuple[rules.Delivery, ...]:
    """What is to be sent to an endpoint now, longest due first. One statement. Index spine_webhooks_delivery_due."""
    rows = models.Delivery.objects.filter(endpoint=UUID(endpoint_id), state=State.WAITING, next_at__lte=at)
    return tuple(row.value for row in rows.select_related("endpoint").order_by("next_at", "pk")[:limit])


def next_due(endpoint_id: str) -> datetime | None:
    """When something is to be sent to an endpoint next; None if nothing waits. One statement."""
    rows = models.Delivery.objects.filter(endpoint=UUID(endpoint_id), state=State.WAITING)
    return rows.order_by("next_at").values_list("next_at", flat=True).first()


def overdue(*, at: datetime) -> tuple[str, ...]:
    """Endpoints for which something is due: all of them, for the job that forgets none. One statement."""
    rows = models.Endpoint.objects.filter(
        is_active=True, delivery__state=State.WAITING, delivery__next_at__lte=at
    ).distinct()
    return tuple(str(id) for id in rows.values_list("pk", flat=True))


def secret(endpoint: rules.Endpoint) -> str:
    """What messages to an endpoint are signed with. No statement."""
    return rules.secret_of(endpoint.id, turn=endpoint.turn, house_key=settings.SECRET_KEY.encode())

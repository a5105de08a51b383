"""A shopper without JavaScript: opens pages, fills in the forms that stand on them, follows where they lead."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from zhanggui.spine.envelope import Envelope
from zhanggui.spine.log import queries as log
from zhanggui.spine.log.models import Entry

ADDRESS = {
    "recipient": "林小满",
    "phone": "13800138000",
    "email": "",
    "country": "CN",
    "region": "浙江",
    "city": "杭州",
    "district": "西湖区",
    "street": "龙井路 1 号",
    "postcode": "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What came back: the answer, its text and the page's own id."""

    status: int
    html: str
    address: str
    headers: dict[str, str]

    @property
    def text(self) -> str:
        """The words a person reads."""
        return " ".join(unescape(re.sub(r"<[^>]+>", " ", self.html)).split())

    @property
    def view(self) -> str:
        """The id of this page view, as the browser script sends it."""
        found = re.search(r'data-view="([^"]+)"', self.html)
        assert found, self.html[:600]
        return found[1]

    def attribute(self, name: str) -> str:
        """What the body says under `data-name`."""
        found = re.search(rf'data-{name}="([^"]*)"', self.html)
        assert found, f"no data-{name}"
        return found[1]

    def fields(self, action: str) -> dict[str, str]:
        """What the first form with that action would send if nobody typed anything."""
        return _Forms.of(self.html, action)


class Walker:
    """One shopper with one browser."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def opens(self, address: str, **headers: str) -> Page:
        """Open an address, following redirects."""
        return _page(self.client.get(address, follow=True, headers=headers or None))

    def sends(self, page: Page, action: str, *, follow: bool = True, **typed: str) -> Page:
        """Fill in the form of that action on a page and send it."""
        return _page(self.client.post(action, {**page.fields(action), **typed}, follow=follow))

    def lays_aside(self, sku: str = "CUP", quantity: int = 1) -> Page:
        """Put something into the cart from its own page."""
        return self.sends(self.opens(f"/p/{sku}/"), "/cart/add/", quantity=str(quantity), then="cart")

    def orders(self, sku: str = "CUP", quantity: int = 1) -> str:
        """Order something; the number of the order, which waits for its payment."""
        self.lays_aside(sku, quantity)
        self.sends(self.opens("/checkout/"), "/checkout/", follow=False, **ADDRESS)
        found = re.findall(r'href="/orders/([^/"]+)/"', self.opens("/orders/").html)
        return str(found[0])

    @property
    def id(self) -> str:
        """The visitor's id, as the facts have it."""
        return self.client.cookies["visitor"].value.rpartition(":")[0]

    def told(self) -> list[Envelope]:
        """What was told about this shopper, oldest first."""
        ids = Entry.objects.filter(person=self.id).order_by("seq").values_list("id_of_fact", flat=True)
        by_id = {fact.id: fact for fact in log.by_ids(list(ids))}
        return [by_id[id] for id in ids]


def _page(response: Any) -> Page:
    chain = getattr(response, "redirect_chain", [])
    address = chain[-1][0] if chain else response.headers.get("Location", response.request["PATH_INFO"])
    is_text = response.headers.get("Content-Type", "").startswith(("text/", "image/svg"))
    return Page(
        status=response.status_code,
        html=response.content.decode() if is_text else "",
        address=address,
        headers=dict(response.headers.items()),
    )


class _Forms(HTMLParser):
    """Reads what a form would send: hidden and typed fields, chosen options, pressed-in radios."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.action = action
        self.is_in = self.is_done = False
        self.found: dict[str, str] = {}
        self.select = ""

    @classmethod
    def of(cls, html: str, action: str) -> dict[str, str]:
        reader = cls(action)
        reader.feed(html)
        assert reader.is_done, f"no form with action {action}"
        return reader.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        if tag == "form" and said.get("action") == self.action and not self.is_done:
            self.is_in = True
        if not self.is_in:
            return
        is_chosen = said.get("type") not in ("radio", "checkbox") or "checked" in said
        if tag == "input" and said.get("name") and is_chosen:
            self.found[said["name"]] = said.get("value", "")
        if tag == "select":
            self.select = said["name"]
        if tag == "option" and (self.select not in self.found or "selected" in said):
            self.found[self.select] = said.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self.is_in:
            self.is_in, self.is_done = False, True

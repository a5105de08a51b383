"""What may be said, what waits for a person to read it first, and who reads what."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

LONGEST_REVIEW: Final = 2000
LONGEST_REPLY: Final = 1000
LONGEST_QUESTION: Final = 500
MOST_PICTURES: Final = 6
LARGEST_PICTURE: Final = 5 * 1024 * 1024
PER_PAGE: Final = 10
QUESTIONS_PER_PAGE: Final = 5
ANSWERS_SHOWN: Final = 3


class State(StrEnum):
    """Where words of a shopper stand: being read by us, read by all, not let through, taken down."""

    PENDING = "pending"
    PUBLISHED = "published"
    REJECTED = "rejected"
    HIDDEN = "hidden"


class Held(StrEnum):
    """Why words wait until somebody has read them."""

    NONE = ""
    PHONE = "phone"
    EMAIL = "email"
    LINK = "link"
    CONTACT = "contact"
    ALL = "all"


class Fault(StrEnum):
    """What is wrong with what somebody wrote: the reason of a rejection, and of a reader's report."""

    NONE = ""
    CONTACT = "contact"
    ADVERT = "advert"
    ABUSE = "abuse"
    OFF_TOPIC = "off_topic"
    UNTRUE = "untrue"
    OTHER = "other"


class Sort(StrEnum):
    """The orders in which reviews can be read; ties go by their age."""

    NEWEST = "newest"
    USEFUL = "useful"
    WORST = "worst"


class Speaker(StrEnum):
    """Who answers a question."""

    SHOP = "shop"
    BUYER = "buyer"


FAULTS: Final = tuple(fault for fault in Fault if fault)
# From where each state can be reached: what was rejected or hidden can still be let through.
COMES_FROM: Final = {
    State.PUBLISHED: (State.PENDING, State.REJECTED, State.HIDDEN),
    State.REJECTED: (State.PENDING,),
    State.HIDDEN: (State.PUBLISHED,),
}

# Figures as people disguise them: full width, in Chinese, parted by blanks, dots, dashes.
_CHINESE_FIGURES: Final = str.maketrans("〇零一二三四五六七八九", "00123456789")
_PHONE: Final = re.compile(r"(?<!\d)(?:(?:\+|00)?86)?1[3-9]\d{9}(?!\d)|(?<!\d)0\d{2,3}[2-9]\d{6,7}(?!\d)|\+\d{9,15}")
_GAPS: Final = re.compile(r"(?<=\d)[\s._·-]{1,2}(?=\d)")
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.IGNORECASE | re.ASCII)
_LINK: Final = re.compile(
    r"https?://|www\.|(?<![\w@.])[a-z0-9-]+\.(?:com|cn|net|org|top|xyz|shop|vip|cc|io|me|ru|info|site|club)(?![a-z])",
    re.IGNORECASE | re.ASCII,
)
_CONTACT: Final = re.compile(
    r"(?:微信|薇信|威信|v信|加v|加微|vx|wechat|qq|扣扣|whatsapp|telegram|飞机号)[\s:：号是群加我]{0,4}[a-z0-9_-]{5,}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of the buyer's show: SHA-256 of its content, in hex, and its content type."""

    digest: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Words and when they were written."""

    words: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What somebody who bought a SKU says about it.

    language     of the words: zh or en
    author       a masked name such as 林**; empty for somebody who wants no name there
    line         position in the order; None for a review of the past, whose order we never had
    held         why it waits, or waited
    fault        why it was not let through, or was taken down
    added        what the buyer added later, if that may be read
    added_state  how that stands; None without an addition
    reply        the shop's answer
    """

    id: UUID
    shop: str
    sku: str
    rating: int
    words: str
    language: str
    author: str
    at: datetime
    state: State = State.PUBLISHED
    held: Held = Held.NONE
    fault: Fault = Fault.NONE
    person: str = ""
    order_number: str = ""
    line: int | None = None
    pictures: tuple[Picture, ...] = ()
    useful: int = 0
    reports: int = 0
    added: Said | None = None
    added_state: State | None = None
    reply: Said | None = None

    @property
    def days_to_addition(self) -> int:
        """Whole days between the review and what was added to it."""
        return (self.added.at - self.at).days if self.added else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a product's published reviews.

    page       from 1; one behind the last is empty
    found      how many there are with these filters
    total      how many there are in all
    by_rating  how many gave 1, 2, 3, 4 and 5
    pictured   how many show pictures
    """

    reviews: tuple[Review, ...]
    page: int
    pages: int
    found: int
    total: int
    by_rating: tuple[int, int, int, int, int]
    pictured: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which reviews somebody wants to read, in which order.

    stars  1 to 5; None for all
    """

    stars: int | None = None
    is_pictured: bool = False
    sort: Sort = Sort.NEWEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the shop, or somebody who bought it, answers to a question."""

    id: UUID
    speaker: Speaker
    author: str
    words: str
    at: datetime
    state: State = State.PUBLISHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What somebody wants to know about a product.

    answers  the shop's first, then the oldest
    """

    id: UUID
    shop: str
    sku: str
    author: str
    words: str
    at: datetime
    state: State = State.PUBLISHED
    held: Held = Held.NONE
    answers: tuple[Answer, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReview:
    """A review of the past, with what was said to it, as it comes into a shop that begins with one."""

    shop: str
    sku: str
    rating: int
    words: str
    language: str
    author: str
    at: datetime
    order_number: str = ""
    useful: int = 0
    added: Said | None = None
    reply: Said | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewQuestion:
    """A question of the past with its answers, each by the shop or a buyer of that masked name."""

    shop: str
    sku: str
    words: str
    author: str
    at: datetime
    answers: tuple[tuple[Speaker, str, Said], ...] = ()


def cleaned(words: str) -> str:
    """Words as they are kept: one kind of line break, at most one empty line in a row, nothing around them."""
    lines = words.replace("\r\n", "\n").replace("\r", "\n").strip()
    return re.sub(r"\n{3,}", "\n\n", lines)


def words_fault(words: str, *, most: int) -> str:
    """Why words cannot be kept: empty, long or nul; empty if they can."""
    if "\0" in words:
        return "nul"
    return "empty" if not words else "long" if len(words) > most else ""


def held_for(words: str) -> Held:
    """Why words must be read by somebody first: they lead to a person or a place outside the shop.

    source   138 0013 8000, 一三八〇〇一三八〇〇〇, a@b.cn, www.x.top, 加微信 abc12345; "5.5cm, 3 天" is none of it
    """
    text = unicodedata.normalize("NFKC", words)
    figures = _GAPS.sub("", text.translate(_CHINESE_FIGURES))
    tests = ((Held.PHONE, _PHONE, figures), (Held.EMAIL, _EMAIL, text), (Held.LINK, _LINK, text))
    found = next((held for held, pattern, said in tests if pattern.search(said)), Held.NONE)
    return found or (Held.CONTACT if _CONTACT.search(text) else Held.NONE)


def language_of(words: str) -> str:
    """Zh if any sign of it is Chinese, else en."""
    return "zh" if re.search(r"[㐀-鿿]", words) else "en"


def can_become(state: State, then: State) -> bool:
    """Whether words that stand like this can be brought to stand like that."""
    return state in COMES_FROM.get(then, ())


def for_readers(review: Review) -> Review:
    """A published review as everybody may read it: nobody's id, no order, no addition that waits."""
    added = review.added if review.added_state is State.PUBLISHED else None
    return replace(review, person="", order_number="", line=None, added=added)

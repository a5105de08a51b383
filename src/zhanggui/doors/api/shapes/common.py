"""What both surfaces say and are told: amounts, words, places, lists."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from typing import Annotated, Any, Final, Generic, TypeVar
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, WithJsonSchema

from zhanggui.base.money import Money

T = TypeVar("T")
_PRINTED: Final = r"^[^\x00-\x1f\x7f]*$"
_WRITTEN: Final = r"^[^\x00]*$"
_MOST: Final = 2**53 - 1

Line = Annotated[str, StringConstraints(max_length=200, pattern=_PRINTED)]
Name = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=_PRINTED)]
Note = Annotated[str, StringConstraints(max_length=2000, pattern=_WRITTEN)]
Sku = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=_PRINTED)]
Number = Annotated[str, StringConstraints(min_length=1, max_length=60, pattern=_PRINTED)]
Cursor = Annotated[str, StringConstraints(max_length=200, pattern=_PRINTED)]
Country = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$", max_length=2)]
Currency = Annotated[str, StringConstraints(pattern=r"^([A-Z]{3})?$", max_length=3)]
Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
PictureWord = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[\x21-\x7e]+$")]
Units = Annotated[int, Field(ge=1, le=1_000_000)]
Limit = Annotated[int, Field(ge=1, le=100)]


def words_of(kind: type[StrEnum] | tuple[str, ...]) -> WithJsonSchema:
    """Have the document write out the words of an enum: several rooms have a `State`, and it knows names only once."""
    return WithJsonSchema({"type": "string", "enum": list(kind)})


def among(words: Collection[str]) -> AfterValidator:
    """Take some of the words of an enum and no others."""

    def checked(word: str) -> str:
        if word not in words:
            raise ValueError(f"one of {', '.join(words)}")
        return word

    return AfterValidator(checked)


class Said(BaseModel):
    """Something that is answered; taken from a value of a room, name by name."""

    model_config = ConfigDict(from_attributes=True)


class Asked(BaseModel):
    """Something that is sent; what the document does not name is refused."""

    model_config = ConfigDict(extra="forbid")


class Problem(Said):
    """Why not."""

    code: str = Field(examples=["out_of_stock"])
    message: str = Field(description="For a person, in the language of Accept-Language (zh or en).")
    data: dict[str, Any] = {}


class Amount(Said):
    """Whole minor units: 1999 CNY is 19.99 yuan."""

    minor: int = Field(examples=[1999])
    currency: str = Field(examples=["CNY"])


class AmountAsked(Asked):
    """Whole minor units: 1999 CNY is 19.99 yuan."""

    minor: int = Field(ge=0, le=_MOST, examples=[1999])
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] = Field(examples=["CNY"])

    @property
    def money(self) -> Money:
        """As the rooms know it."""
        return Money(self.minor, self.currency)


class Words(Said):
    """Both languages; English may be empty."""

    zh: str
    en: str


class WordsAsked(Asked):
    """Both languages."""

    zh: Note
    en: Note = ""


class Address(Said):
    """Where something goes."""

    recipient: str
    phone: str
    country: str
    region: str
    city: str
    district: str
    street: str
    postcode: str


class AddressAsked(Asked):
    """Where something goes. In China province, city and district are needed, elsewhere mostly a postcode."""

    recipient: Line = Field(examples=["林小满"])
    phone: Line = Field(examples=["13800138000"])
    country: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] = Field(examples=["CN"])
    region: Line = Field("", examples=["浙江省"])
    city: Line = Field(examples=["杭州市"])
    district: Line = Field("", examples=["西湖区"])
    street: Line = Field(examples=["龙井路 1 号"])
    postcode: Line = ""


class Contact(Said):
    """How to reach somebody."""

    name: str
    phone: str
    email: str


class ContactAsked(Asked):
    """How to reach a shopper: a name and a phone number or mail address."""

    name: Line = Field(examples=["林小满"])
    phone: Line = Field("", examples=["13800138000"])
    email: Annotated[str, StringConstraints(max_length=254, pattern=_PRINTED)] = ""


class Listed(Said, Generic[T]):
    """A part of a list.

    next  the cursor of the next part; empty at the end
    """

    items: list[T]
    next: str = ""


class Done(Said):
    """It is done."""

    is_done: bool = True


class Made(Said):
    """Something that exists now."""

    id: str


class UnitsOf(Asked):
    """Pieces of a line of an order."""

    position: int = Field(ge=1, le=10_000, examples=[1])
    units: Units = Field(examples=[1])


class Shortage(Said):
    """Fewer are free than were asked for."""

    sku: str
    asked_units: int
    free_units: int


class Sent(Said):
    """A picture that was taken; it goes along with what it belongs to by this word."""

    picture: str


Id = UUID

"""Fields of a form, written by hand and not by templates: a checkout has a dozen of them and 250 countries."""

from __future__ import annotations

from collections.abc import Hashable
from functools import lru_cache
from typing import Any, Final, Self

from babel import Locale
from django import forms
from django.forms import BoundField
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

_NOT_A_COUNTRY = frozenset(("ZZ", "EU", "EZ", "UN", "QO", "XA", "XB", "AC", "CP", "DG", "EA", "IC", "TA", "CQ"))


# Fields as they are before anybody types; there are as many as the templates name.
_blank: dict[Hashable, SafeString] = {}
# Fields that say what is known, without what they say; as many again.
_frames: dict[Hashable, str] = {}
# Stands for what a field says while its frame is made: a sign that nobody types.
_HERE: Final = "\ue000"


class Shared(dict[str, forms.Field]):
    """Fields that all forms of a kind share, because nobody changes them: Django copies them for each form."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


class Read(forms.Form):
    """A form that is read without being shown: what each field says is taken straight from what was sent.

    Django makes a bound field of each first, which only a page needs that shows the form once more.
    """

    def _clean_fields(self) -> None:
        for name, field in self.fields.items():
            said = field.widget.value_from_datadict(self.data, self.files, self.add_prefix(name))
            try:
                self.cleaned_data[name] = field.clean(said)
            except forms.ValidationError as wrong:
                self.add_error(name, wrong)


class Line(forms.TextInput):
    """One line to type in."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The line with what was typed."""
        said = self.format_value(value)
        typed = "" if said is None else f' value="{escape(said)}"'
        marks = _marks(self.build_attrs(self.attrs, attrs))
        return mark_safe(f'<input type="{self.input_type}" name="{escape(name)}"{typed}{marks}>')  # noqa: S308

    def filled(self, frame: str, said: str) -> str:
        """A frame with what the line says, which is escaped."""
        return frame.replace(_HERE, said)


class Lines(forms.Textarea):
    """Several lines to type in."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The lines with what was typed; browsers leave out the first line break."""
        marks = _marks(self.build_attrs(self.attrs, attrs))
        typed = escape(self.format_value(value) or "")
        return mark_safe(f'<textarea name="{escape(name)}"{marks}>\n{typed}</textarea>')  # noqa: S308


class Countries(forms.Select):
    """One country of all, China first."""

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        """The countries in the language of the page, the chosen one marked."""
        chosen = f'value="{escape(value or "")}">'
        options = _options(get_language() or "en").replace(chosen, f"{chosen[:-1]} selected>", 1)
        marks = _marks(self.build_attrs(self.attrs, attrs))
        return mark_safe(f'<select name="{escape(name)}"{marks}>{options}</select>')  # noqa: S308

    def filled(self, frame: str, said: str) -> str:
        """A frame with the chosen country marked."""
        return frame.replace(f'value="{said}">', f'value="{said}" selected>', 1)


class CountryField(forms.ChoiceField):
    """The code of a country, or nothing yet."""

    widget = Countries

    def valid_value(self, value: Any) -> bool:
        """Whether it is one of them."""
        return value in _codes()


def block(form: forms.BaseForm, name: str, extra: str) -> SafeString:
    """A field with its label and what is wrong with it.

    As long as nobody has typed, it is written once, all but what is known already.
    """
    if form.is_bound:
        return _written(form[name], extra)
    known = form.get_initial_for_field(form.fields[name], name)
    key = (type(form), form.prefix, form.auto_id, name, extra, get_language())
    if known:
        return _framed(form, name, extra, key, str(known))
    blank = _blank.get(key)
    if blank is None:
        blank = _blank[key] = _written(form[name], extra)
    return blank


def _framed(form: forms.BaseForm, name: str, extra: str, key: Hashable, known: str) -> SafeString:
    widget = form.fields[name].widget
    if not isinstance(widget, Line | Countries):
        return _written(form[name], extra)
    frame = _frames.get(key)
    if frame is None:
        sample = type(form)(initial={name: _HERE}, prefix=form.prefix, auto_id=form.auto_id)
        frame = _frames[key] = _written(sample[name], extra)
    return mark_safe(widget.filled(frame, escape(known)))  # noqa: S308 -- written by the widget, what is known escaped


def _written(field: BoundField, extra: str) -> SafeString:
    wrong = "".join(f'<p class="error" id="{field.auto_id}_error">{escape(error)}</p>' for error in field.errors)
    label = f'<label for="{field.id_for_label}">{escape(field.label)}</label>'
    return mark_safe(f'<div class="field {extra}">{label}{field}{wrong}</div>')  # noqa: S308 -- all of it is escaped


@lru_cache(maxsize=4)
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """Codes and names of the countries, China first, then as the language sorts them; source: Unicode CLDR."""
    names = Locale.parse("zh_Hans_CN" if language.startswith("zh") else "en").territories
    known = {
        code: name for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in _NOT_A_COUNTRY
    }
    rest = sorted((code for code in known if code != "CN"), key=lambda code: known[code])
    return (("", "—"), ("CN", known["CN"]), *((code, known[code]) for code in rest))


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(code for code, _ in countries("en"))


@lru_cache(maxsize=4)
def _options(language: str) -> str:
    return "".join(f'<option value="{code}">{escape(name)}</option>' for code, name in countries(language))


def _marks(attributes: dict[str, Any]) -> str:
    said = ((name, value) for name, value in attributes.items() if value is not None and value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{escape(value)}"' for name, value in said)

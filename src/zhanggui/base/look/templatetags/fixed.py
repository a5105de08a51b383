"""Django's own tags, for every template, that work out only once what comes out alike every time.

{% translate "Cart" %}     words by themselves: once in each language
{% url "storefront:cart" %}  an address without a key: once for each prefix, such as /en
{% static "look/base.css" %}  the address of a file of ours: once
{% extends "storefront/base.html" %}  the blocks of the page around: looked for once

With a variable, a key or `as` they are Django's. A page of the shop says some fifty of them, each as dear as ten lines
of Python.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final

from django import template
from django.template.base import Node, NodeList, Parser, Template, Token
from django.template.context import Context
from django.template.defaulttags import url as url_tag
from django.template.loader_tags import ExtendsNode, do_extends
from django.templatetags.i18n import do_translate
from django.templatetags.static import do_static
from django.urls import get_script_prefix
from django.utils.translation import get_language

register = template.Library()

_QUOTES: Final = ("'", '"')


class Fixed(Node):
    """A tag whose words depend on nothing but `when`."""

    def __init__(self, tag: Node, when: Callable[[], Hashable]) -> None:
        self.tag = tag
        self.when = when
        self.said: dict[Hashable, str] = {}

    def render(self, context: Context) -> str:
        """What the tag said the first time."""
        when = self.when()
        found = self.said.get(when)
        if found is None:
            found = self.said[when] = self.tag.render(context)
        return found


class Listed(NodeList):
    """The parts of a template that knows where its blocks are: a page that extends it asks every time."""

    def __init__(self, nodes: NodeList) -> None:
        super().__init__(nodes)
        self.contains_nontext = nodes.contains_nontext
        self.found: dict[type[Node], list[Any]] = {}

    def get_nodes_by_type(self, nodetype: type[Node]) -> list[Any]:
        """All of that kind, at any depth."""
        if nodetype not in self.found:
            self.found[nodetype] = super().get_nodes_by_type(nodetype)
        return self.found[nodetype]


class Extends(ExtendsNode):
    """A page around which another one stands."""

    def get_parent(self, context: Context) -> Template:
        """The page around, whose blocks are found."""
        parent: Template = super().get_parent(context)
        if not isinstance(parent.nodelist, Listed):
            parent.nodelist = Listed(parent.nodelist)
        return parent


@register.tag
def translate(parser: Parser, token: Token) -> Node:
    """Django's tag; words without a variable are looked up once in each language."""
    tag: Node = do_translate(parser, token)
    return Fixed(tag, get_language) if is_plain(token) else tag


@register.tag
def url(parser: Parser, token: Token) -> Node:
    """Django's tag; an address without a key is reversed once for each prefix."""
    tag: Node = url_tag(parser, token)
    return Fixed(tag, get_script_prefix) if is_plain(token) else tag


@register.tag
def static(parser: Parser, token: Token) -> Node:
    """Django's tag; a file that is named is looked up once."""
    tag: Node = do_static(parser, token)
    return Fixed(tag, bool) if is_plain(token) else tag


@register.tag
def extends(parser: Parser, token: Token) -> Node:
    """Django's tag, which finds the blocks of the page around once."""
    tag: ExtendsNode = do_extends(parser, token)
    return Extends(tag.nodelist, tag.parent_name)


def is_plain(token: Token) -> bool:
    """Whether a tag has one argument, and that is words in quotes without a filter."""
    said = token.split_contents()[1:]
    return len(said) == 1 and said[0][0] in _QUOTES and said[0][-1] == said[0][0]

"""The document of both surfaces, for programs and for people."""

from __future__ import annotations

import functools
import re
from typing import Any, Final

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from ninja.openapi import get_schema

from zhanggui.doors.api.shapes.common import Problem
from zhanggui.doors.api.surface import api

_METHODS: Final = ("get", "post", "put", "delete")


@functools.cache
def document() -> dict[str, Any]:
    """The document, OpenAPI 3.1; the same for everybody, made once."""
    made = dict(get_schema(api, path_prefix="api/"))
    made["servers"] = [{"url": settings.PUBLIC_URL}]
    return made


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The document as JSON."""
    return HttpResponse(_encoded(), content_type="application/json", headers={"Cache-Control": "max-age=300"})


@require_safe
def reading(request: HttpRequest) -> HttpResponse:
    """The document as a page."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document()["paths"].items():
        for method in _METHODS:
            if said := methods.get(method):
                groups.setdefault(said["tags"][0], []).append(_operation(path, method, said))
    return render(request, "api/document.html", {"groups": groups, "base": settings.PUBLIC_URL})


@functools.cache
def _encoded() -> bytes:
    return msgspec.json.encode(document())


def _operation(path: str, method: str, said: dict[str, Any]) -> dict[str, Any]:
    """An operation as the page shows it."""
    answers = [
        {"status": status, "shape": _shape(answer.get("content", {}).get("application/json", {}).get("schema", {}))}
        for status, answer in said["responses"].items()
    ]
    body = said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    return {
        "anchor": said["operationId"],
        "method": method.upper(),
        "path": path,
        "words": said.get("description") or said["summary"],
        "parameters": [
            {
                "name": each["name"],
                "where": each["in"],
                "is_required": each["required"],
                "shape": _shape(each["schema"]),
            }
            for each in said["parameters"]
        ],
        "body": _fields(body) if body else [],
        "answer": answers[0],
        "problems": [each["status"] for each in answers[1:] if each["shape"] == Problem.__name__],
        "is_open": "security" not in said,
    }


def _fields(schema: dict[str, Any]) -> list[dict[str, Any]]:
    whole = document()["components"]["schemas"].get(_shape(schema), schema)
    required = whole.get("required", [])
    return [
        {"name": name, "is_required": name in required, "shape": _shape(each)}
        for name, each in whole.get("properties", {}).items()
    ]


def _shape(schema: dict[str, Any]) -> str:
    """What a value is, in a word or two."""
    if ref := schema.get("$ref"):
        return str(ref).rpartition("/")[2]
    if options := schema.get("anyOf"):
        return " | ".join(_shape(each) for each in options)
    kind = str(schema.get("type", schema.get("title", "")))
    if kind == "array":
        return f"[{_shape(schema.get('items', {}))}]"
    if kind == "object" and isinstance(schema.get("additionalProperties"), dict):
        return "{…: " + _shape(schema["additionalProperties"]) + "}"
    return re.sub(r"^null$", "none", str(schema.get("format", kind)))

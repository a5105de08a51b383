"""Addresses of pages, as DuckDB's SQL."""

from __future__ import annotations

from typing import Final

# The first part of an address, and whatever comes after it as one: /p/tea/ -> /p/*
KIND_OF_PAGE: Final = """case
    when starts_with(page, '/') and split_part(page, '/', 2) <> '' and split_part(page, '/', 3) <> ''
    then '/' || split_part(page, '/', 2) || '/*' else page end"""

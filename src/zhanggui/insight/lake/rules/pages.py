"""Addresses of pages, as DuckDB's SQL."""

from __future__ import annotations

from typing import Final

# The first part of an address, and whatever comes after it as one: /p/tea/ -> /p/*
KIND_OF_PAGE: Final = "case when page = '' then '' else regexp_replace(page, '^(/[^/]+)/[^/]+.*$', '\\1/*') end"

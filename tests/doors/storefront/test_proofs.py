"""The proof in every form: new on every page, and read by Django as its own."""

from __future__ import annotations

from django.http import HttpRequest
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH, _does_token_match
from hypothesis import given
from hypothesis import strategies as st

from zhanggui.doors.storefront.proofs import masked, proof_of
from zhanggui.doors.storefront.visit import VISIT_COOKIE

secrets = st.text(CSRF_ALLOWED_CHARS, min_size=CSRF_SECRET_LENGTH, max_size=CSRF_SECRET_LENGTH)


@given(secrets)
def test_django_reads_our_mask(secret: str) -> None:
    assert _does_token_match(masked(secret), secret)


@given(secrets, secrets)
def test_the_proof_of_another_browser_does_not_match(secret: str, other: str) -> None:
    assert _does_token_match(masked(secret), other) is (secret == other)


def test_no_two_pages_say_the_same() -> None:
    secret = CSRF_ALLOWED_CHARS[:CSRF_SECRET_LENGTH]

    assert len({masked(secret) for _ in range(100)}) == 100


def test_a_browser_without_a_secret_is_given_one() -> None:
    request = HttpRequest()

    proof = proof_of(request)

    assert _does_token_match(proof, request.META["CSRF_COOKIE"])
    assert request.META["CSRF_COOKIE_NEEDS_UPDATE"]


def test_a_secret_is_renewed_once_in_a_visit() -> None:
    request = HttpRequest()
    request.META["CSRF_COOKIE"] = CSRF_ALLOWED_CHARS[:CSRF_SECRET_LENGTH]

    proof_of(request)
    is_renewed_on_a_first_page = request.META.pop("CSRF_COOKIE_NEEDS_UPDATE", False)
    request.COOKIES[VISIT_COOKIE] = "seen"
    proof_of(request)

    assert is_renewed_on_a_first_page
    assert "CSRF_COOKIE_NEEDS_UPDATE" not in request.META

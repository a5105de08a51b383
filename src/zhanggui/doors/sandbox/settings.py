"""Django's settings of the sandbox's own process: pages and words, no database.

ZHANGGUI_HOME          where its keys and books lie, in the folder `sandbox`
ZHANGGUI_SANDBOX_URL   the address under which shoppers reach it
ZHANGGUI_SANDBOX_PACE  1 for the providers' own hours; tests run them in seconds
ZHANGGUI_SANDBOX_HANG  how many seconds an answer that hangs takes; 30
"""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from zhanggui.doors.sandbox.keys import keys
from zhanggui.doors.sandbox.place import address_of

SANDBOX_URL = address_of()
SECRET_KEY = keys().control
ALLOWED_HOSTS = ["*"]  # it moves no money, and every page has a token that cannot be guessed
ROOT_URLCONF = "zhanggui.doors.sandbox.urls"
INSTALLED_APPS = [
    "django.contrib.staticfiles",
    "csp",
    "zhanggui.base.look.apps.BaseLookConfig",
    "zhanggui.doors.sandbox.apps.DoorsSandboxConfig",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "zhanggui.base.look.policy.PolicyMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"builtins": ["django.templatetags.i18n", "django.templatetags.static"]},
    }
]
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [str(Path(__file__).parents[2] / "locale")]
TIME_ZONE = "UTC"
USE_TZ = True
STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
CSRF_COOKIE_NAME = "sandbox_csrf"  # cookies know no port, and the shop has one of its own
CSRF_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "form-action": [SELF, "http:", "https:"],  # back to whichever shop the shopper came from
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django.request": {"level": "CRITICAL"}},  # what goes wrong here goes wrong on demand
}

"""Django's settings. What an installation may change comes from the environment, and every name is listed here.

DATABASE_URL           another PostgreSQL than our own (15 or newer)
ZHANGGUI_HOME          where files are kept; ~/.zhanggui
ZHANGGUI_HOSTS         host names we answer to, comma separated; this machine only if unset
ZHANGGUI_URL           the address under which shoppers reach us, such as https://shop.example
ZHANGGUI_DEBUG         1 for a developer's error pages
ZHANGGUI_SHOP          the code of our own shop; demo if unset
ZHANGGUI_SHOP_NAME     what it is called; ZHANGGUI_SHOP_ZONE and ZHANGGUI_SHOP_CURRENCY are fixed once it is open
ZHANGGUI_INGEST_EVENTS, ZHANGGUI_INGEST_REQUESTS
                       events a second under a write key, requests a second from an address; 20000 and 200 if unset
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from zhanggui.base.database.place import database_url
from zhanggui.base.home import home, shelf


def _secret_key() -> str:
    """The key that signs cookies: made once, kept in the home folder, readable by its owner only."""
    kept = home() / "secret_key"
    if not kept.exists():
        fresh = home() / f".secret_key.{os.getpid()}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        with contextlib.suppress(FileExistsError):  # the first of two starts wins, whole
            os.link(fresh, kept)
        fresh.unlink()
    return kept.read_text()


DEBUG = os.environ.get("ZHANGGUI_DEBUG") == "1"
SECRET_KEY = _secret_key()
SANDBOX_KEY = hmac.digest(SECRET_KEY.encode(), b"sandbox payment gateway", "sha256")  # shop and gateway sign with it
PUBLIC_URL = os.environ.get("ZHANGGUI_URL", "http://127.0.0.1:8000").rstrip("/")
IS_SECURE = PUBLIC_URL.startswith("https://")
ALLOWED_HOSTS = [h for h in os.environ.get("ZHANGGUI_HOSTS", "").split(",") if h] or ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if IS_SECURE else []
OWN_SHOP = os.environ.get("ZHANGGUI_SHOP", "demo")
OWN_SHOP_NAME = os.environ.get("ZHANGGUI_SHOP_NAME", "掌柜小铺")
OWN_SHOP_ZONE = os.environ.get("ZHANGGUI_SHOP_ZONE", "Asia/Shanghai")
OWN_SHOP_CURRENCY = os.environ.get("ZHANGGUI_SHOP_CURRENCY", "CNY")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    "zhanggui.base.operation.apps.BaseOperationConfig",
    "zhanggui.base.shops.apps.BaseShopsConfig",
    "zhanggui.base.accounts.apps.BaseAccountsConfig",
    "zhanggui.base.ledger.apps.BaseLedgerConfig",
    "zhanggui.base.jobs.apps.BaseJobsConfig",
    "zhanggui.base.look.apps.BaseLookConfig",
    "zhanggui.spine.log.apps.SpineLogConfig",
    "zhanggui.spine.relay.apps.SpineRelayConfig",
    "zhanggui.insight.lake.apps.InsightLakeConfig",
    "zhanggui.insight.sources.apps.InsightSourcesConfig",
    "zhanggui.supply.stock.apps.SupplyStockConfig",
    "zhanggui.shop.catalogue.apps.ShopCatalogueConfig",
    "zhanggui.shop.customers.apps.ShopCustomersConfig",
    "zhanggui.shop.cart.apps.ShopCartConfig",
    "zhanggui.shop.checkout.apps.ShopCheckoutConfig",
    "zhanggui.shop.orders.apps.ShopOrdersConfig",
    "zhanggui.shop.payments.apps.ShopPaymentsConfig",
    "zhanggui.doors.storefront.apps.DoorsStorefrontConfig",
    "zhanggui.doors.console.apps.DoorsConsoleConfig",
    "zhanggui.doors.ingest.apps.DoorsIngestConfig",
    "zhanggui.doors.sandbox.apps.DoorsSandboxConfig",
    "zhanggui.config.apps.WiringConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "zhanggui.doors.storefront.visit.VisitMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "zhanggui.base.look.themes.look",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

ROOT_URLCONF = "zhanggui.config.urls"
WSGI_APPLICATION = "zhanggui.config.wsgi.application"

# Connections are kept, and statements are prepared on the server from their second use (docs/numbers.md).
DATABASES = {
    "default": dj_database_url.parse(database_url(), conn_max_age=None, conn_health_checks=True)
    | {"ENGINE": "django.db.backends.postgresql"}
}
DATABASES["default"].setdefault("OPTIONS", {}).update(
    server_side_binding=True, prepare_threshold=2, application_name="zhanggui", connect_timeout=5
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "base_accounts.Operator"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "console:sign_in"
LOGIN_REDIRECT_URL = "console:cockpit"
LOGOUT_REDIRECT_URL = "console:sign_in"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [os.path.join(os.path.dirname(os.path.dirname(__file__)), "locale")]
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = shelf("static")
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "zhanggui.doors.console.bundle.VegaFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 30 if IS_SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_SECURE else None
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# How many events the ingest door takes, counted in each process by itself. A sender is a write key, an address is a
# network address; both may come in a burst of so many seconds' worth, then they are told to wait.
INGEST = {
    "EVENTS_PER_SECOND": int(os.environ.get("ZHANGGUI_INGEST_EVENTS", "20000")),
    "REQUESTS_PER_SECOND": int(os.environ.get("ZHANGGUI_INGEST_REQUESTS", "200")),
    "BURST_SECONDS": 10,
    "MOST_WAITING_BYTES": 32_000_000,
}

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
PROCRASTINATE_IMPORT_PATHS: list[str] = []  # wiring imports every handler
PROCRASTINATE_WORKER_DEFAULTS = {"delete_jobs": "successful", "concurrency": 4}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

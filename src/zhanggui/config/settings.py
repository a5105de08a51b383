"""Django's settings. What an installation may change comes from the environment, and every name is listed here.

DATABASE_URL           another PostgreSQL than our own (15 or newer)
ZHANGGUI_HOME          where files are kept; ~/.zhanggui
ZHANGGUI_HOSTS         host names we answer to, comma separated; this machine only if unset
ZHANGGUI_URL           the address under which shoppers reach us, such as https://shop.example
ZHANGGUI_DEBUG         1 for a developer's error pages
ZHANGGUI_SANDBOX       1 to offer the payment sandbox under https or beside real providers, 0 to offer it nowhere
ZHANGGUI_SANDBOX_URL   the address under which shoppers reach it; port 8001 of this machine, or what `run` has found
STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET
                       an account of Stripe; its webhooks go to /pay/stripe/notify/
ALIPAY_APP_ID, ALIPAY_SELLER_ID, ALIPAY_PRIVATE_KEY, ALIPAY_PUBLIC_KEY
                       an application of Alipay; a key is its text or the file that it lies in
WECHAT_MERCHANT_ID, WECHAT_APP_ID, WECHAT_PRIVATE_KEY, WECHAT_SERIAL, WECHAT_API_KEY, WECHAT_PUBLIC_KEY,
WECHAT_PUBLIC_KEY_ID   a merchant of WeChat Pay: our certificate's key and serial, the APIv3 key, their public key
TENCENT_SMS_APP_ID, TENCENT_SECRET_ID, TENCENT_SECRET_KEY
                       an application of Tencent Cloud that sends text messages; TENCENT_SMS_REGION is ap-guangzhou and
                       TENCENT_SMS_API its address in China if unset. The console says where it is to call with receipts
ZHANGGUI_SHOP          the code of our own shop; demo if unset
ZHANGGUI_SHOP_NAME     what it is called; ZHANGGUI_SHOP_ZONE and ZHANGGUI_SHOP_CURRENCY are fixed once it is open
ZHANGGUI_SHOP_EMAIL, ZHANGGUI_SHOP_PHONE, ZHANGGUI_SHOP_COMPANY, ZHANGGUI_SHOP_ADDRESS, ZHANGGUI_SHOP_LICENCE
                       what its contact page says
ZHANGGUI_MAIL          the mail server, such as smtp://user:word@mail.example:587?tls=1; without it and without https,
                       messages are shown in the console and on the terminal
ZHANGGUI_CHECKOUTS     orders a minute from one network address, in each web process; 10 if unset
ZHANGGUI_PAGES_MB      megabytes of ready pages that each web process keeps; 64 if unset, 0 for none
ZHANGGUI_API_ORIGINS   web pages elsewhere that may call the API, such as https://app.example; comma separated, none if
                       unset
ZHANGGUI_API_CALLS     calls a second under a key or token, and from an address; 50 if unset
ZHANGGUI_INGEST_EVENTS, ZHANGGUI_INGEST_REQUESTS
                       events a second under a write key, requests a second from an address; 20000 and 200 if unset
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from zhanggui.base.accounts import rules
from zhanggui.base.database.place import database_url
from zhanggui.base.home import home, shelf
from zhanggui.doors.sandbox.keys import keys
from zhanggui.doors.sandbox.place import address_of


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
SANDBOX_CARRIER_KEY = hmac.digest(SECRET_KEY.encode(), b"sandbox carrier", "sha256")  # shop and carrier sign with it
# How long a day of the sandbox carrier takes: a parcel that travels two days is there after two minutes.
SANDBOX_CARRIER_DAY_SECONDS = 60
PUBLIC_URL = os.environ.get("ZHANGGUI_URL", "http://127.0.0.1:8000").rstrip("/")
IS_SECURE = PUBLIC_URL.startswith("https://")
# Where real money may move nobody pays with play money, unless it was asked for.
_HAS_PROVIDER = any(os.environ.get(name) for name in ("STRIPE_SECRET_KEY", "ALIPAY_APP_ID", "WECHAT_MERCHANT_ID"))
IS_SANDBOX = os.environ.get("ZHANGGUI_SANDBOX", "0" if IS_SECURE or _HAS_PROVIDER else "1") == "1"
SANDBOX_URL = address_of()
SANDBOX_KEY = keys().plain.encode()  # shop and sandbox sign with it
# The sandbox's page of text messages; whoever has the address reads them.
SANDBOX_TEXTS_URL = f"{SANDBOX_URL}/sandbox/texts/{keys().texts}/"
# A form that ends at a provider's page passes through its redirects, and each of them must be allowed.
PAYMENT_ORIGINS = [
    *([SANDBOX_URL] if IS_SANDBOX else []),
    *(("https://checkout.stripe.com",) if os.environ.get("STRIPE_SECRET_KEY") else ()),
    *(("https://*.alipay.com",) if os.environ.get("ALIPAY_APP_ID") else ()),
    *(("https://wx.tenpay.com",) if os.environ.get("WECHAT_MERCHANT_ID") else ()),
]
ALLOWED_HOSTS = [h for h in os.environ.get("ZHANGGUI_HOSTS", "").split(",") if h] or ["127.0.0.1", "localhost", "[::1]"]
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if IS_SECURE else []
OWN_SHOP = os.environ.get("ZHANGGUI_SHOP", "demo")
OWN_SHOP_NAME = os.environ.get("ZHANGGUI_SHOP_NAME", "掌柜小铺")
OWN_SHOP_ZONE = os.environ.get("ZHANGGUI_SHOP_ZONE", "Asia/Shanghai")
OWN_SHOP_CURRENCY = os.environ.get("ZHANGGUI_SHOP_CURRENCY", "CNY")
# How shoppers reach us and what the law has us show; what is empty is not shown.
OWN_SHOP_REACH = {
    name: os.environ.get(f"ZHANGGUI_SHOP_{name.upper()}", "")
    for name in ("email", "phone", "company", "address", "licence")
}

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    "zhanggui.base.operation.apps.BaseOperationConfig",
    "zhanggui.base.shops.apps.BaseShopsConfig",
    "zhanggui.base.rates.apps.BaseRatesConfig",
    "zhanggui.base.accounts.apps.BaseAccountsConfig",
    "zhanggui.base.keys.apps.BaseKeysConfig",
    "zhanggui.base.ledger.apps.BaseLedgerConfig",
    "zhanggui.base.jobs.apps.BaseJobsConfig",
    "zhanggui.base.outbox.apps.BaseOutboxConfig",
    "zhanggui.base.audit.apps.BaseAuditConfig",
    "zhanggui.base.look.apps.BaseLookConfig",
    "zhanggui.spine.log.apps.SpineLogConfig",
    "zhanggui.spine.relay.apps.SpineRelayConfig",
    "zhanggui.spine.webhooks.apps.SpineWebhooksConfig",
    "zhanggui.insight.lake.apps.InsightLakeConfig",
    "zhanggui.insight.sources.apps.InsightSourcesConfig",
    "zhanggui.insight.identity.apps.InsightIdentityConfig",
    "zhanggui.insight.value.apps.InsightValueConfig",
    "zhanggui.insight.attribution.apps.InsightAttributionConfig",
    "zhanggui.insight.segments.apps.InsightSegmentsConfig",
    "zhanggui.insight.alerts.apps.InsightAlertsConfig",
    "zhanggui.insight.boards.apps.InsightBoardsConfig",
    "zhanggui.supply.stock.apps.SupplyStockConfig",
    "zhanggui.guard.tax.apps.GuardTaxConfig",
    "zhanggui.shop.catalogue.apps.ShopCatalogueConfig",
    "zhanggui.shop.customers.apps.ShopCustomersConfig",
    "zhanggui.shop.cart.apps.ShopCartConfig",
    "zhanggui.shop.checkout.apps.ShopCheckoutConfig",
    "zhanggui.shop.orders.apps.ShopOrdersConfig",
    "zhanggui.shop.payments.apps.ShopPaymentsConfig",
    "zhanggui.shop.fulfilment.apps.ShopFulfilmentConfig",
    "zhanggui.shop.returns.apps.ShopReturnsConfig",
    "zhanggui.shop.letters.apps.ShopLettersConfig",
    "zhanggui.shop.reviews.apps.ShopReviewsConfig",
    "zhanggui.shop.wishes.apps.ShopWishesConfig",
    "zhanggui.growth.membership.apps.GrowthMembershipConfig",
    "zhanggui.growth.promotions.apps.GrowthPromotionsConfig",
    "zhanggui.growth.flash.apps.GrowthFlashConfig",
    "zhanggui.growth.presale.apps.GrowthPresaleConfig",
    "zhanggui.growth.teams.apps.GrowthTeamsConfig",
    "zhanggui.growth.experiments.apps.GrowthExperimentsConfig",
    "zhanggui.growth.referrals.apps.GrowthReferralsConfig",
    "zhanggui.growth.messages.apps.GrowthMessagesConfig",
    "zhanggui.steer.goals.apps.SteerGoalsConfig",
    "zhanggui.steer.budgets.apps.SteerBudgetsConfig",
    "zhanggui.steer.signals.apps.SteerSignalsConfig",
    "zhanggui.steer.plays.apps.SteerPlaysConfig",
    "zhanggui.steer.briefings.apps.SteerBriefingsConfig",
    "zhanggui.doors.storefront.apps.DoorsStorefrontConfig",
    "zhanggui.doors.console.apps.DoorsConsoleConfig",
    "zhanggui.doors.ingest.apps.DoorsIngestConfig",
    "zhanggui.doors.sandbox.apps.DoorsSandboxConfig",
    "zhanggui.doors.carriers.apps.DoorsCarriersConfig",
    "zhanggui.doors.api.apps.DoorsApiConfig",
    "zhanggui.config.apps.WiringConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "zhanggui.base.look.policy.PolicyMiddleware",
    "zhanggui.base.accounts.middleware.SessionMiddleware",
    "zhanggui.base.look.languages.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "zhanggui.base.look.sayings.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "zhanggui.doors.storefront.addresses.AddressLanguageMiddleware",
    "zhanggui.doors.storefront.visit.VisitMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "zhanggui.base.look.themes.look",
                "zhanggui.doors.storefront.frame.live",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "zhanggui.base.look.templatetags.fixed",
            ],
        },
    }
]

ROOT_URLCONF = "zhanggui.config.urls"
WSGI_APPLICATION = "zhanggui.config.wsgi.application"

# Connections are kept, and statements are prepared on the server from their second use (docs/numbers.md).
DATABASES = {
    "default": dj_database_url.parse(database_url(), conn_max_age=None, conn_health_checks=True)
    | {"ENGINE": "zhanggui.base.database.backend"}
}
DATABASES["default"].setdefault("OPTIONS", {}).update(
    server_side_binding=True, prepare_threshold=2, application_name="zhanggui", connect_timeout=5
)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "base_accounts.Account"
AUTHENTICATION_BACKENDS = [
    "zhanggui.base.accounts.backends.OperatorBackend",
    "zhanggui.base.accounts.backends.ShopperBackend",
]
# A mail address is one operator's and one shopper's, and a constraint says so; neither way to sign in is needed alone.
SILENCED_SYSTEM_CHECKS = ["auth.W004", "account.W001"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# Shoppers sign in with a code that allauth makes, counts and ends; the pages are the shop's own.
ACCOUNT_ADAPTER = "zhanggui.base.accounts.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email", "phone"}
ACCOUNT_SIGNUP_FIELDS = ["email", "phone"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_LOGIN_TIMEOUT = int(rules.CODE_FOR.total_seconds())
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = rules.MOST_WRONG
ACCOUNT_LOGIN_BY_CODE_FORMAT = ACCOUNT_PHONE_VERIFICATION_CODE_FORMAT = {"numeric": True, "length": 6, "dashed": False}
LOGIN_URL = "console:sign_in"
LOGIN_REDIRECT_URL = "console:cockpit"
LOGOUT_REDIRECT_URL = "console:sign_in"

# A shop that is not open to the world shows what it would send. A real one never does.
OUTBOX_SHOWS_WORDS = not IS_SECURE
_mail = urlsplit(os.environ.get("ZHANGGUI_MAIL", ""))
EMAIL_HOST, EMAIL_PORT = _mail.hostname or "", _mail.port or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_mail.username or ""), unquote(_mail.password or "")
EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_TIMEOUT = "tls=1" in _mail.query, _mail.scheme == "smtps", 10
DEFAULT_FROM_EMAIL = OWN_SHOP_REACH["email"] or "shop@localhost"

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

SESSION_ENGINE = "zhanggui.base.accounts.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_SECURE
SESSION_COOKIE_AGE = 60 * 60 * 12
# The console keeps Django's own cookie; a shopper's session is another one, and neither opens the other's door.
SHOP_SESSION_COOKIE = "shop_session"
SHOP_SESSION_AGE = int(rules.SIGNED_IN_FOR.total_seconds())
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 30 if IS_SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if IS_SECURE else None
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
# A product of 200 SKUs, with its prices in a few currencies, is one form.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 8000
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "media-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF, *PAYMENT_ORIGINS],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

# How many orders a minute may come from one network address; a benchmark comes from one with hundreds of buyers.
CHECKOUTS_A_MINUTE = int(os.environ.get("ZHANGGUI_CHECKOUTS", "10"))

# How many bytes of ready pages each web process keeps; 0 makes every page anew.
PAGES_BYTES = int(os.environ.get("ZHANGGUI_PAGES_MB", "64")) * 1_000_000

# How long Arrow keeps memory that it does not need at the moment, in milliseconds; it looks here when it is loaded.
# Daily tables need the same megabytes again and again; to have them cleared each second was dear (decision 23).
os.environ.setdefault("MIMALLOC_PURGE_DELAY", "10000")

# Who answers questions to the lake: `duckdb` in this process, or `clickhouse`, its engine in this process (the extra
# `outgrown`). Whether closed days are published as Delta tables every night.
LAKE_ENGINE = os.environ.get("ZHANGGUI_LAKE_ENGINE", "duckdb")
LAKE_PUBLISHED = os.environ.get("ZHANGGUI_LAKE_PUBLISHED") == "1"

# How many events the ingest door takes, counted in each process by itself. A sender is a write key, an address is a
# network address; both may come in a burst of so many seconds' worth, then they are told to wait.
INGEST = {
    "EVENTS_PER_SECOND": int(os.environ.get("ZHANGGUI_INGEST_EVENTS", "20000")),
    "REQUESTS_PER_SECOND": int(os.environ.get("ZHANGGUI_INGEST_REQUESTS", "200")),
    "BURST_SECONDS": 10,
    "MOST_WAITING_BYTES": 32_000_000,
}

# Who may call the API from a web page elsewhere, and how often anybody may; a call that waits is told for how long.
API_ORIGINS = [origin.rstrip("/") for origin in os.environ.get("ZHANGGUI_API_ORIGINS", "").split(",") if origin]
API_CALLS_PER_SECOND = int(os.environ.get("ZHANGGUI_API_CALLS", "50"))
API_BURST_SECONDS = 4
# A shop that is not open to the world may send webhooks to programs beside it.
WEBHOOKS_MAY_STAY_HOME = not IS_SECURE

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

"""Settings of a Tận Tâm installation.

Everything an installation may differ in comes from the environment, which the launcher prepares:
`DATABASE_URL`, `TANTAM_DATA` (keys, uploads, collected static files), `TANTAM_HOSTS`,
`TANTAM_HTTPS`, `TANTAM_PROXIES`, `TANTAM_LIVE_URL`, `TANTAM_DEBUG`, `TANTAM_LOCK_TIMEOUT`, `TANTAM_STATEMENT_TIMEOUT`.
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from tantam.lib.logs import LOGGING as LOGGING

# `ModelForm[Patient]` and its like are written for the type checker; this lets them run.
django_stubs_ext.monkeypatch()

CHECKOUT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("TANTAM_DATA", CHECKOUT / "var"))
KEYS_DIR = DATA / "keys"
MEDIA_ROOT = DATA / "files"
STATIC_ROOT = DATA / "static"

DEBUG = os.environ.get("TANTAM_DEBUG") == "1"
DEMO = os.environ.get("TANTAM_DEMO") == "1"


def _secret_key() -> str:
    path = KEYS_DIR / "secret_key"
    return path.read_text().strip() if path.exists() else os.environ["TANTAM_SECRET_KEY"]


SECRET_KEY = _secret_key()
ALLOWED_HOSTS = os.environ.get("TANTAM_HOSTS", "localhost,127.0.0.1,[::1],testserver").split(",")
HTTPS = os.environ.get("TANTAM_HTTPS") == "1"

INSTALLED_APPS = [
    "tantam.demo",
    "tantam.desk",
    "tantam.exchange",
    "tantam.care",
    "tantam.knowledge",
    "tantam.records",
    "tantam.privacy",
    "tantam.patients",
    "tantam.accounts",
    "tantam.facility",
    "tantam.journal",
    "tantam.ui",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "django_htmx",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
    "django.contrib.humanize",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "tantam.journal.serving.health.HealthMiddleware",
    "tantam.journal.serving.metrics.MetricsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "tantam.accounts.door.DoorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

_LOADERS = [
    "django_cotton.cotton_loader.Loader",
    "django.template.loaders.filesystem.Loader",
    "django.template.loaders.app_directories.Loader",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            "loaders": [
                ("template_partials.loader.Loader", [("django.template.loaders.cached.Loader", _LOADERS)])
                if not DEBUG
                else ("template_partials.loader.Loader", _LOADERS)
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
                "tantam.ui.templatetags.ui",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "tantam.ui.context.frame",
            ],
        },
    }
]
COTTON_DIR = "cotton"
FORM_RENDERER = "tantam.ui.forms.FormRenderer"


def _limits() -> list[str]:
    """How long a page waits for a lock and for an answer, in milliseconds. Only the launcher's web processes set
    these: jobs, imports and commands take the time they need."""
    names = {"lock_timeout": "TANTAM_LOCK_TIMEOUT", "statement_timeout": "TANTAM_STATEMENT_TIMEOUT"}
    return [
        f"-c {setting}={int(os.environ[name])}" for setting, name in names.items() if os.environ.get(name)
    ]


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    options: dict[str, object] = dict(parse_qsl(parts.query))
    host = str(options.pop("host", "")) or (parts.hostname or "")
    # Only what `tantam.lib.prepared` asks is prepared, and written so that one plan fits all its values.
    session = " ".join(
        filter(None, (str(options.pop("options", "")), "-c plan_cache_mode=force_generic_plan", *_limits()))
    )
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": options
        | {
            # Lets `tantam.lib.prepared` keep statements prepared; other cursors bind on this side and never do.
            "prepare_threshold": 5,
            "options": session,
            "pool": {
                "min_size": int(os.environ.get("TANTAM_POOL_MIN", "1")),
                "max_size": int(os.environ.get("TANTAM_POOL_MAX", "8")),
                "timeout": 20,
            },
        },
        "TEST": {"NAME": os.environ.get("TANTAM_TEST_DB") or None},
    }


DATABASES = {
    "default": _database(os.environ.get("DATABASE_URL", "postgresql://tantam@127.0.0.1:5432/tantam"))
}
DATABASE_URL = os.environ.get("DATABASE_URL", "")
CACHES = {
    "default": {
        # Shared by all web workers, so that failed sign-ins count together.
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# --- who may come in --------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.Member"
AUTHENTICATION_BACKENDS = ["tantam.accounts.authentication.backends.MemberBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*"]
ACCOUNT_ADAPTER = "tantam.accounts.authentication.adapters.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
# Guesses at passwords are counted by `accounts.authentication.throttling`; these count second steps.
ACCOUNT_RATE_LIMITS = {"login_failed": "100/10m/ip,5/5m/key", "login": None}
PASSWORD_RESET_TIMEOUT = 60 * 60
MFA_ADAPTER = "tantam.accounts.authentication.adapters.MFAAdapter"
# Who asks is settled before Django hears of the request (config/wsgi.py), so nothing here reads forwarded addresses.
PROXIES = int(os.environ.get("TANTAM_PROXIES", "0"))
ALLAUTH_TRUSTED_PROXY_COUNT = 0
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEBUG or DEMO
MFA_TOTP_ISSUER = "Tận Tâm"
USERSESSIONS_TRACK_ACTIVITY = False
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# A name a browser only takes from the host itself, over HTTPS: no neighbouring site can plant one.
_HOST = "__Host-" if HTTPS else ""
DEVICE_COOKIE_NAME = f"{_HOST}tantam_device"
SESSION_COOKIE_NAME = f"{_HOST}tantam_session"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_ENGINE = "tantam.accounts.authentication.sessions"
CSRF_COOKIE_NAME = f"{_HOST}tantam_csrf"
CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "tantam.ui.views.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_SSL_REDIRECT = False
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS = [
    # User names are unique whatever their case, by a constraint on Lower("username").
    "auth.W004",
    # TLS ends at the proxy in front of the product; its redirect is the proxy's, see docs/runbooks.
    "security.W008",
    # Plain HTTP is for one machine and for demonstrations; TANTAM_HTTPS=1 turns all of these on.
    *([] if HTTPS else ["security.W004", "security.W012", "security.W016"]),
]

# “/” is the origin of the pages themselves: behind one server in front there is only one.
LIVE_URL = os.environ.get("TANTAM_LIVE_URL", "")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF, *([LIVE_URL] if "://" in LIVE_URL else [])],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# --- words and time --------------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [CHECKOUT / "locale"]
LANGUAGE_COOKIE_NAME = "tantam_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Ho_Chi_Minh"
FORMAT_MODULE_PATH = ["tantam.ui.formats"]
PRODUCT_NAME = _("Tận Tâm")

# --- files --------------------------------------------------------------------------------
STATIC_URL = "/static/"
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "tantam.ui.finders.NodeModulesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": (
            "django.contrib.staticfiles.storage.StaticFilesStorage"
            if DEBUG
            else "tantam.ui.storage.StaticStorage"
        )
    },
}
# Nothing people upload is ever in clear on a disk.
FILE_UPLOAD_HANDLERS = ["tantam.lib.uploads.SealedUploadHandler"]
# Bytes one request may send: a stranger's form, a member's, and the longest list of a hospital or a few scans where
# files go. The server in front is told the same (launch/front/configuration.py); `ui.sizes` holds it without one.
STRANGERS_BODY = 60_000
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
UPLOADS = (
    (r"^/import/", int(os.environ.get("TANTAM_IMPORT_MB", "4000")) * 1_000_000),
    (r"^/patients/[0-9]+/consents/", 32_000_000),
)
FILE_UPLOAD_PERMISSIONS = 0o600
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# --- history, jobs --------------------------------------------------------------------------------
PGHISTORY_DEFAULT_TRACKERS = None
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"
PROCRASTINATE_IMPORT_PATHS = ["config.schedule"]
JOURNAL_SEALED = True  # the worker seals the journal; the command that checks it does not need this
PROCRASTINATE_ON_APP_READY = "tantam.journal.apps.on_jobs_ready"

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
MAIL_IS_SET_UP = bool(os.environ.get("TANTAM_SMTP_HOST"))
EMAIL_HOST = os.environ.get("TANTAM_SMTP_HOST", "localhost")
EMAIL_TIMEOUT = 5
EMAIL_PORT = int(os.environ.get("TANTAM_SMTP_PORT", "25"))
DEFAULT_FROM_EMAIL = os.environ.get("TANTAM_MAIL_FROM", "tantam@localhost")

"""All settings in one place; each value that differs between machines is read once from the environment."""

import ipaddress
import os
import secrets
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

PACKAGE = Path(__file__).resolve().parent

# Where this installation keeps its state: database, files, secret, made documents.
HOME = Path(os.environ.get("PRAJA_HOME", Path.cwd() / ".praja")).resolve()
# Real data beside a checkout, read by tests, demonstrations and benchmarks when present; never needed.
REFERENCE_DIR = Path(os.environ["PRAJA_REFERENCE_DIR"]) if os.environ.get("PRAJA_REFERENCE_DIR") else None


def _secret() -> str:
    """The secret of this installation, made once with mode 0600 in HOME."""
    if value := os.environ.get("PRAJA_SECRET_KEY"):
        return value
    path = HOME / "secret"
    try:
        return path.read_text()
    except FileNotFoundError:
        HOME.mkdir(parents=True, exist_ok=True, mode=0o700)
        value = secrets.token_urlsafe(48)
        try:
            handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return path.read_text()
        with os.fdopen(handle, "w") as file:
            file.write(value)
        return value


SECRET_KEY = _secret()
# Those before it, so that a change neither signs people out nor loses what was enciphered (accounts/ciphers.py).
SECRET_KEY_FALLBACKS = os.environ.get("PRAJA_FORMER_SECRET_KEYS", "").split()
DEBUG = os.environ.get("PRAJA_DEBUG") == "1"
# Guards that cost time and find mistakes (writes on GET, say): on in development and tests.
STRICT = DEBUG or os.environ.get("PRAJA_STRICT") == "1"
ALLOWED_HOSTS = os.environ.get("PRAJA_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
HTTPS = os.environ.get("PRAJA_HTTPS") == "1"
# How many proxies of ours stand in front: the address of a browser is the one that the first of them saw.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("PRAJA_PROXIES", "1" if HTTPS else "0"))

# The order of these three lists is the order of imports (a test holds it) and of the programme.
FOUNDATION = [
    "ui",
    "audit",
    "places",
    "accounts",
    "files",
    "jobs",
    "drafts",
    "notices",
    "workflow",
    "sheets",
    "documents",
    "remarks",
    "evidence",
    "statistics",
    "instruments",
    "plans",
    "similarity",
    "choosing",
    "search",
    "signing",
]
STAGES = [
    "preparation",
    "problems",
    "readiness",
    "targets",
    "analysis",
    "innovations",
    "roadmap",
    "quick_wins",
    "masterplan",
    "commitment",
]
ACROSS = ["workbooks", "reminders", "joining", "handover", "proposals", "overview"]
PRAJA_APPS = (
    [f"praja.foundation.{name}" for name in FOUNDATION]
    + [f"praja.stages.{name}" for name in STAGES]
    + [f"praja.across.{name}" for name in ACROSS]
)
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "csp",
    "allauth.account",  # what allauth.mfa stands on; its pages and addresses are not used
    "allauth.mfa",  # second factors: codes of an app, passkeys, recovery codes
    *PRAJA_APPS,
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "praja.foundation.ui.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "praja.foundation.accounts.middleware.last_used",
    "praja.foundation.drafts.middleware.SignInRequired",
    "praja.foundation.audit.middleware.get_is_read_only",
]
ROOT_URLCONF = "praja.urls"
WSGI_APPLICATION = "praja.wsgi.application"
# Processes of the website that `praja serve` starts; each uses one core and about 120 MB.
WEB_PROCESSES = int(os.environ.get("PRAJA_WEB_PROCESSES", min(2, os.cpu_count() or 1)))

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "praja.foundation.ui.context.page",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "praja.foundation.ui.templatetags.ui",
            ],
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("PRAJA_DATABASE_URL", f"sqlite:///{HOME / 'praja.sqlite3'}"),
        conn_max_age=600,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",  # a writer waits at its start instead of failing in the middle
        "timeout": 20,
        # FULL: a write that was acknowledged survives a power cut.
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-32000; PRAGMA temp_store=MEMORY;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["praja.foundation.accounts.backends.WithPerson"]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
# Length first, then what others would try first; no rules about capitals, and no change by the calendar (decision 0012).
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
    {"NAME": "praja.foundation.accounts.passwords.Varied"},
    {"NAME": "praja.foundation.accounts.passwords.MoreThanKnownWords"},
]
# Second factors (accounts/second_factor.py). PRAJA_SECOND_FACTOR_FOR: keys of roles that cannot do without one.
SECOND_FACTOR_FOR = frozenset(filter(None, os.environ.get("PRAJA_SECOND_FACTOR_FOR", "").replace(" ", "").split(",")))
ACCOUNT_ADAPTER = "praja.foundation.accounts.adapters.Account"
ACCOUNT_RATE_LIMITS = {
    "sign_in_name": "10/15m/key",  # tries for one user name, whether it exists or not
    "sign_in_place": "600/15m/ip",  # a hall full of people signs in from one address
    "verify_place": "300/15m/ip",  # files that are checked on the public page; a hall shares one address
    "confirm": "10/15m/user",
    "signing_code": "5/15m/user",  # one-time codes that an e-sign gateway sends
    "login_failed": "10/15m/key",  # codes and passkeys; the key names the account
}
MFA_ADAPTER = "praja.foundation.accounts.adapters.SecondFactor"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "Praja"
MFA_TOTP_TOLERANCE = 1  # telephones are up to half a minute off
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # Praja needs no e-mail
# Signing in through the institution (accounts/institution.py); off without an issuer. It never makes accounts.
OIDC_ISSUER = os.environ.get("PRAJA_OIDC_ISSUER", "").rstrip("/")
OIDC_CLIENT_ID = os.environ.get("PRAJA_OIDC_CLIENT_ID", "")
OIDC_CLIENT_SECRET = os.environ.get("PRAJA_OIDC_CLIENT_SECRET", "")
OIDC_NAME = os.environ.get("PRAJA_OIDC_NAME", "SSO")  # on the button: "Sign in with ..."
OIDC_MATCH = os.environ.get("PRAJA_OIDC_MATCH", "nip")  # by what an account is found: nip, email or username
OIDC_CLAIM = os.environ.get("PRAJA_OIDC_CLAIM", "")  # which claim says it; empty: nip, email, preferred_username
OIDC_SCOPES = os.environ.get("PRAJA_OIDC_SCOPES", "openid profile email")
SESSION_COOKIE_AGE = 60 * 60 * 24 * 7
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
# In the database, and not remembered in a process: signing out holds everywhere at once, however many processes there are.
SESSION_ENGINE = "praja.foundation.accounts.sessions"
# Counts wrong passwords and marks used codes, for all processes alike; pages are not kept here.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cacheentry",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

LANGUAGE_CODE = "id"
LANGUAGES = [("id", _("Indonesian")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale"]
USE_TZ = True
TIME_ZONE = "Asia/Jakarta"

STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME / "files"}},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if STRICT
        else "praja.foundation.ui.storage.StaticFiles"
    },
}
FILE_UPLOAD_PERMISSIONS = 0o600
UPLOAD_LIMIT_BYTES = 20 * 1024 * 1024  # one file; larger ones are refused with a sentence
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # the page that chooses rows of a large import

# Electronic signatures (signing/validating.py, time_stamps.py): files of certificates (PEM) that are trusted besides Praja's
# own authority, BSrE's and those of time stamps; and the address of a time stamp authority, asked when there is one.
BSRE_ROOTS = Path(os.environ["PRAJA_BSRE_ROOTS"]) if os.environ.get("PRAJA_BSRE_ROOTS") else None
TIME_STAMP_AUTHORITY = os.environ.get("PRAJA_TSA", "")
TIME_STAMP_ROOTS = Path(os.environ["PRAJA_TSA_ROOTS"]) if os.environ.get("PRAJA_TSA_ROOTS") else None
# The networks in which e-sign gateways of regions are asked; none: those of signing/gateway/asking.py.
GATEWAY_NETWORKS = [
    ipaddress.ip_network(one.strip()) for one in os.environ.get("PRAJA_GATEWAY_NETWORKS", "").split(",") if one.strip()
]

DEFAULT_EXCEPTION_REPORTER_FILTER = "praja.foundation.accounts.reports.Discreet"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("PRAJA_LOG", "INFO")},
}

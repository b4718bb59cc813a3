"""Django's settings, from `configuration.py`. What a publisher may change is declared there, not here."""

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from backnumber import configuration
from backnumber.edge.page.cookie_names import host_cookie
from backnumber.secret_key import secret_key

VAR = configuration.var_folder()
PRODUCTION = configuration.is_production()
DEBUG = False
SECRET_KEY = secret_key(VAR)
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # an article of some hundred paragraphs has five for each
OLD_SECRET_KEYS = SECRET_KEY_FALLBACKS = tuple(
    key.strip() for key in configuration.value("BACKNUMBER_OLD_SECRET_KEYS").split(",") if key.strip()
)

ADDRESS = configuration.value("BACKNUMBER_ADDRESS").rstrip("/")
configuration.refuse_a_public_demo(ADDRESS)
SITE_NAME = configuration.value("BACKNUMBER_NAME")
HELP_EMAIL = configuration.value("BACKNUMBER_HELP_EMAIL")
PAYMENTS = configuration.value("BACKNUMBER_PAYMENTS")
TILL_SECRET = configuration.value("TILL_SECRET")
STRIPE_SECRET_KEY = configuration.value("STRIPE_SECRET_KEY")
STRIPE_WEBHOOK_SECRET = configuration.value("STRIPE_WEBHOOK_SECRET")
STRIPE_API_BASE = configuration.value("STRIPE_API_BASE").rstrip("/")
STRIPE_STANDIN = configuration.one_of("BACKNUMBER_STRIPE_STANDIN", "", "yes") == "yes"
configuration.refuse_payments_that_could_be_forged()
INVOICE_BANK = configuration.value("INVOICE_BANK")
INVOICE_CHEQUE = configuration.value("INVOICE_CHEQUE")
METER_NOBODY = configuration.whole_number("BACKNUMBER_METER_NOBODY", 0, 64)  # as many as its cookie holds
METER_READERS = configuration.whole_number("BACKNUMBER_METER_READERS", 0, 1000)
METER_DAYS = configuration.whole_number("BACKNUMBER_METER_DAYS", 1, 366)
GIFTS = configuration.whole_number("BACKNUMBER_GIFTS", 0, 1000)
GIFT_DAYS = configuration.whole_number("BACKNUMBER_GIFT_DAYS", 1, 366)
METRICS_TOKEN = configuration.value("BACKNUMBER_METRICS_TOKEN")
if METRICS_TOKEN and len(METRICS_TOKEN) < 16:
    raise ValueError("BACKNUMBER_METRICS_TOKEN is short; set at least 16 characters.")
THREADS = configuration.whole_number("BACKNUMBER_THREADS", 1, 64)
PAGES_BYTES = configuration.whole_number("BACKNUMBER_PAGES_MB", 1, 65_536) << 20
WITHOUT_DATABASE = configuration.whole_number("BACKNUMBER_WITHOUT_DATABASE", 0, 1_440)
DEVICES = configuration.whole_number("BACKNUMBER_DEVICES", 0, 1000)
ALLOWED_HOSTS = [
    urlsplit(ADDRESS).hostname or "localhost",
    *([] if PRODUCTION else ["localhost", "127.0.0.1", "[::1]"]),
]
CSRF_TRUSTED_ORIGINS = [ADDRESS]
TRUSTED_PROXIES = [
    p.strip() for p in configuration.value("BACKNUMBER_TRUSTED_PROXIES").split(",") if p.strip()
]

INSTALLED_APPS = [
    "backnumber.website",
    "backnumber.mail",
    "backnumber.readers",
    "backnumber.audit",
    "backnumber.archive",
    "backnumber.tax",
    "backnumber.products",
    "backnumber.invoices",
    "backnumber.information",
    "backnumber.payments",
    "backnumber.renewals",
    "backnumber.presents",
    "backnumber.payments.till",
    "backnumber.payments.stripe",
    "backnumber.payments.invoice",
    "backnumber.grants",
    "backnumber.groups",
    "backnumber.circulation",
    "backnumber.meter",
    "backnumber.gifts",
    "backnumber.institutions",
    "backnumber.passes",
    "backnumber.usage",
    "backnumber.checkout",
    "backnumber.copies",
    "backnumber.gate",
    "backnumber.longread",
    "backnumber.intake",
    "backnumber.editorial",
    "backnumber.syndication",
    "backnumber.search",
    "backnumber.past",  # before what renders: a page shows what was read
    "backnumber.edge.render",
    "backnumber.helpdesk",
    "backnumber.monitoring",
    "backnumber.staff",
    "backnumber.figures",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "django_htmx",
    "wagtail.contrib.table_block",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.images",
    "wagtail.documents",  # every page of the admin names an address of it; all are closed (editorial/admission.py)
    "wagtail.search",  # finds pictures in the admin; articles have their own index
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_filters",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
]

MIDDLEWARE = [
    "backnumber.monitoring.middleware.numbered",
    "backnumber.website.headers.scheme_of_trusted_proxies",
    "django.middleware.security.SecurityMiddleware",
    "backnumber.website.headers.security_headers",
    "django.middleware.gzip.GZipMiddleware",
    "backnumber.website.unexpected.UnexpectedBytes",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "backnumber.website.headers.shared_by_all",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "backnumber.website.headers.CsrfMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "backnumber.readers.middleware.devices_in_use",
    "backnumber.passes.middleware.front_pass",
    "backnumber.website.meter_merging.reads_brought",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "backnumber.editorial.admission.AdminMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "backnumber.website.headers.same_for_everybody",
    "backnumber.website.moved.old_addresses",
]

ROOT_URLCONF = "backnumber.website.urls"
if not PRODUCTION:
    INSTALLED_APPS.insert(0, "backnumber.demo")
    ROOT_URLCONF = "backnumber.demo.urls"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "readers.Reader"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "backnumber.website.context.site",
            ]
        },
    }
]


# Without these a line that was cut without a word is waited at for two hours (libpq's parameters, for TCP only).
NOTICES_A_DEAD_LINE = {
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


def _database() -> dict[str, Any]:
    url = configuration.value("DATABASE_URL")
    if not url:
        return {
            "ENGINE": "backnumber.embedded",
            "NAME": "backnumber",
            "CONN_MAX_AGE": 60,
            "OPTIONS": {"folder": str(VAR / "postgresql")},
        }
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise ValueError("DATABASE_URL must look like postgresql://user:password@host:5432/name")
    more = dict(parse_qsl(parts.query))  # as libpq takes them: ?host=/run/postgresql, ?sslmode=require
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.strip("/")),
        "USER": more.pop("user", unquote(parts.username or "")),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": more.pop("host", unquote(parts.hostname or "")),
        "PORT": str(more.pop("port", parts.port or "")),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 5, **NOTICES_A_DEAD_LINE, **more},
    }


FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = {"default": _database()}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = configuration.value("BACKNUMBER_TIME_ZONE")
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
BUILT_FOLDER = VAR / "built"
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "backnumber.website.static_build.BuiltFinder",
]
# Until static files are collected, a demo or a test is served from where they lie.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = (
    not PRODUCTION and not (STATIC_ROOT / "staticfiles.json").exists()
)
MEDIA_URL = "/pictures/originals/"
SEARCH_FOLDER = VAR / "search"


def _pictures(named: str) -> tuple[str, dict[str, Any]]:
    """The folder (empty with S3), and the storage."""
    parts = urlsplit(named)
    if parts.scheme != "s3":
        folder = str(Path(named).resolve() if named else VAR / "pictures")
        return folder, {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    given = dict(parse_qsl(parts.query))
    if not parts.netloc or given.keys() - {"endpoint"}:
        raise ValueError("BACKNUMBER_PICTURES must look like s3://bucket/prefix?endpoint=https://…")
    options: dict[str, Any] = {"bucket_name": parts.netloc, "location": parts.path.strip("/")}
    if "endpoint" in given:
        options["endpoint_url"] = given["endpoint"]
        options["addressing_style"] = "path"
    options |= {"default_acl": None, "file_overwrite": False, "signature_version": "s3v4"}
    return "", {"BACKEND": "backnumber.archive.s3.PicturesInS3", "OPTIONS": options}


MEDIA_ROOT, _STORAGE = _pictures(configuration.value("BACKNUMBER_PICTURES"))
STORAGES = {
    "default": _STORAGE,
    "staticfiles": {"BACKEND": "backnumber.website.static_storage.Storage"},
}

DEFAULT_FROM_EMAIL = configuration.value("BACKNUMBER_FROM_EMAIL")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
EMAIL_BACKEND = "backnumber.mail.backend.QueuedBackend"
EMAIL_TIMEOUT = 20
WEEKLY_BEGINS = configuration.day_and_time("BACKNUMBER_WEEKLY_BEGINS")
WEEKLY_BOUNCES_TO = configuration.value("BACKNUMBER_BOUNCES_TO")
MAIL_EVENTS_SECRET = configuration.value("BACKNUMBER_MAIL_EVENTS_SECRET")
if MAIL_EVENTS_SECRET and len(MAIL_EVENTS_SECRET) < 32:
    raise ValueError("BACKNUMBER_MAIL_EVENTS_SECRET is short; set at least 32 characters.")
WEEKLY_SENDERS = configuration.whole_number("BACKNUMBER_WEEKLY_SENDERS", 1, 32)

SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = host_cookie("sessionid"), host_cookie("csrftoken")
MESSAGE_STORAGE = "backnumber.website.messages.Storage"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ADDRESS.startswith("https://")
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 90
SECURE_SSL_REDIRECT = False  # the proxy in front redirects; a trusted one says how the reader came
SECURE_HSTS_SECONDS = 31_536_000 if ADDRESS.startswith("https://") else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "SAMEORIGIN"
CSRF_FAILURE_VIEW = "backnumber.website.errors.csrf_failure"

AUTHENTICATION_BACKENDS = [
    "backnumber.passes.backend.NumberedReaders"
]  # one: each backend hashes the password again
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/account/"

ACCOUNT_ADAPTER = "backnumber.readers.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "/"
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"  # by a typed code: a link in a mail is opened by scanners too
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = ACCOUNT_LOGIN_BY_CODE_SUPPORTS_RESEND = True
ACCOUNT_PASSWORD_RESET_BY_CODE_ENABLED = ACCOUNT_LOGIN_ON_PASSWORD_RESET = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = ACCOUNT_EMAIL_VERIFICATION_BY_CODE_TIMEOUT = (
    ACCOUNT_PASSWORD_RESET_BY_CODE_TIMEOUT
) = 20 * 60
ACCOUNT_LOGIN_TIMEOUT = 60 * 60
ACCOUNT_RATE_LIMITS = {  # counted in the cache; why they are split so: readers/limits.py
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/300s/key",
    "password_by_account": "100/h/key",
    "request_login_code": "20/m/ip",
    "reset_password": "20/m/ip",
    "code_from_here": "3/m/key,10/h/key",
    "code_by_account": "60/h/key",
    "confirm_email": "",  # these mails count as codes do: readers/adapter.py
    "weekly_sign_up": "20/h/key",
    "weekly_sign_up_around": "100/h/key",
    "wrong_gift": "30/m/key",
    "wrong_gift_around": "150/m/key",
    "wrong_gift_in_all": "1000/m/key",
}
ACCOUNT_FORMS = {
    "login": "backnumber.readers.forms.SignInForm",
    "signup": "backnumber.readers.forms.SignUpForm",
    "request_login_code": "backnumber.readers.forms.RequestCodeForm",
    "confirm_login_code": "backnumber.readers.forms.CodeForm",
    "confirm_email_verification_code": "backnumber.readers.forms.EmailCodeForm",
    "reset_password": "backnumber.readers.forms.RequestResetForm",
    "confirm_password_reset_code": "backnumber.readers.forms.ResetCodeForm",
    "reset_password_from_key": "backnumber.readers.forms.NewPasswordForm",
    "set_password": "backnumber.readers.forms.SetPasswordForm",
    "change_password": "backnumber.readers.forms.ChangePasswordForm",
    "add_email": "backnumber.readers.forms.ChangeEmailForm",
    "reauthenticate": "backnumber.readers.forms.PasswordAgainForm",
}

MFA_ADAPTER = "backnumber.readers.second_factor.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_TOLERANCE = 1  # a telephone's clock is seldom right to the second
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ADDRESS.startswith("https://")
MFA_FORMS = {
    "authenticate": "backnumber.readers.forms.SecondFactorForm",
    "reauthenticate": "backnumber.readers.forms.SecondFactorAgainForm",
    "activate_totp": "backnumber.readers.forms.ActivateAppForm",
    "add_webauthn": "backnumber.readers.forms.AddKeyForm",
}

CACHES = {
    # Shared by every process: what limits count must be one number. Pages are not kept here.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "backnumber_cache",
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
    # In each process: which devices were noted as used a moment ago (readers/devices.py).
    "devices": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "devices",
        "TIMEOUT": 300,
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # In each process: what stands in the menus of pages that Django renders (website/context.py).
    "menus": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "menus"},
    "renditions": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "TIMEOUT": 60},
}

WAGTAIL_SITE_NAME = SITE_NAME
WAGTAILADMIN_BASE_URL = ADDRESS
WAGTAILADMIN_LOGIN_URL = "account_login"
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = WAGTAIL_EMAIL_MANAGEMENT_ENABLED = WAGTAIL_PASSWORD_RESET_ENABLED = (
    False  # /account/ does
)
WAGTAILIMAGES_IMAGE_MODEL = "archive.Picture"
WAGTAILIMAGES_EXTENSIONS = ["gif", "jpg", "jpeg", "png", "webp", "svg"]
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 60_000_000
WAGTAILADMIN_RICH_TEXT_EDITORS = {"default": {"WIDGET": "backnumber.editorial.writing.WritingArea"}}
WAGTAIL_AUTOSAVE_INTERVAL = 0  # in 7.4 it may save a draft of an article that was only looked at
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {
            "()": "backnumber.monitoring.logs.TextFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s: %(message)s",
        },
        "json": {"()": "backnumber.monitoring.logs.JSONFormatter"},
    },
    "filters": {"outage": {"()": "backnumber.monitoring.logs.OneLineForAnOutage"}},
    "handlers": {
        "terminal": {
            "class": "logging.StreamHandler",
            "formatter": configuration.one_of("BACKNUMBER_LOG", "text", "json"),
            "filters": ["outage"],
        }
    },
    "root": {"handlers": ["terminal"], "level": "WARNING"},
    # A page that broke is told with its traceback; an address that is not there is the asker's affair.
    "loggers": {"django.request": {"level": "ERROR"}, "django.security": {"level": "ERROR"}},
}
SILENCED_SYSTEM_CHECKS = [
    "security.W003",  # website.headers.CsrfMiddleware is Django's own, subclassed: docs/decisions/006
    "security.W005",  # whether other hosts of the domain speak HTTPS is the publisher's to say
    "security.W008",  # the proxy in front redirects: see above
    "security.W019",  # the editors' preview is a frame of our own
    "security.W021",  # so is the browsers' preload list
]

"""An institution to sign in through: a real OpenID Connect provider (allauth's) as a process of its own, for tests.

`python -m tests.institution PORT FOLDER CALLBACK...` serves it at http://localhost:PORT with the client "praja" and
these people, whose password is "rahasia"; `sub` and the claims are as a Keycloak of a region would give them.
"""

import sys
from wsgiref.simple_server import WSGIRequestHandler, make_server

import django
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.conf import settings

SECRET = "rahasia-klien"
PEOPLE = {
    "sari": {"nip": "19800101 200501 2 001", "email": "sari@contoh.go.id", "email_verified": True},
    "curiga": {"nip": "199001012015011001", "email": "sari@contoh.go.id", "email_verified": False},
    "asing": {"nip": "000000000000000000"},
    "kosong": {},
}


def configure(folder):
    """Settings of this process: its own database and keys, nothing of Praja's."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    settings.configure(
        SECRET_KEY="institution",
        ALLOWED_HOSTS=["localhost"],
        ROOT_URLCONF="tests.institution_site",
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{folder}/institution.sqlite3"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],  # nothing here has to be kept secret
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "django.contrib.messages",
            "allauth.account",
            "allauth.idp.oidc",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        ACCOUNT_EMAIL_VERIFICATION="none",
        ACCOUNT_RATE_LIMITS=False,
        SESSION_COOKIE_NAME="institution",
        CSRF_COOKIE_NAME="institution_csrf",
        IDP_OIDC_PRIVATE_KEY=pem.decode(),
        IDP_OIDC_ADAPTER="tests.institution_site.Claims",
    )
    django.setup()


def fill(callbacks):
    """The tables, the people, and Praja as a client."""
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    for username in PEOPLE:
        User.objects.create_user(username, password="rahasia")
    client = Client(
        id="praja", name="Praja", scopes="openid\nprofile\nemail", redirect_uris="\n".join(callbacks), skip_consent=True
    )
    client.set_secret(SECRET)
    client.save()


class Quiet(WSGIRequestHandler):
    """Says nothing about requests."""

    def log_message(self, *_words):
        """Nothing."""


def main(port, folder, *callbacks):
    """Serve until killed."""
    configure(folder)
    fill(callbacks)
    from django.core.wsgi import get_wsgi_application

    make_server("127.0.0.1", int(port), get_wsgi_application(), handler_class=Quiet).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])

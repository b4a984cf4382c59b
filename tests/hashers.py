"""The password hasher of tests: Argon2 as on a server, but so light that guessing many passwords takes no time."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class LightArgon2(Argon2PasswordHasher):
    """Least time and memory that the algorithm allows."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1

"""Who a session belongs to: as Django finds it, with the name of the person, which every page shows."""

from django.contrib.auth.backends import ModelBackend

from praja.foundation.accounts.models import User


class WithPerson(ModelBackend):
    """Checks passwords as Django does; the account of a session comes with its person in one query."""

    def get_user(self, user_id: int) -> User | None:
        """The account while it may sign in."""
        user = User.objects.select_related("person").filter(pk=user_id).first()
        return user if user and self.user_can_authenticate(user) else None

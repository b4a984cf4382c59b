"""Finding the function that a job's name means: "innovations.apply_import" is `apply_import` in that app's jobs.py."""

from collections.abc import Callable
from importlib import import_module
from inspect import isfunction
from typing import Any

from django.apps import apps


class UnknownJob(LookupError):
    """No app has a job of this name."""


def function_of(name: str) -> Callable[..., Any]:
    """The function behind "<app>.<function>"; raises UnknownJob when there is none."""
    label, _, function_name = name.partition(".")
    try:
        return jobs_of(label)[function_name]
    except KeyError:
        raise UnknownJob(name) from None


def jobs_of(label: str) -> dict[str, Callable[..., Any]]:
    """The jobs of one app by their names: the public functions written in its jobs.py; none when it has no such file."""
    try:
        module_name = f"{apps.get_app_config(label).name}.jobs"
        module = import_module(module_name)
    except LookupError:
        return {}
    except ModuleNotFoundError as error:
        if error.name != module_name:
            raise
        return {}
    return {
        name: value
        for name, value in vars(module).items()
        if isfunction(value) and value.__module__ == module_name and not name.startswith("_")
    }

"""System checks: each topic has a follower, each follower a topic, and names are unique."""

import pkgutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from typing import Any, TypeVar

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from privacycenter.database.checks import OUR_APPS
from privacycenter.outbox.followers import Follower
from privacycenter.outbox.topics import Topic

T = TypeVar("T")


@register()
def check_outbox(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    followers, errors = followers_named(settings.FOLLOWERS)
    return [
        *errors,
        *topic_errors(declared_topics(), followers),
        *follower_errors(followers, declared_topics(), declared_followers()),
    ]


def followers_named(dotted_names: Iterable[str]) -> tuple[list[Follower], list[CheckMessage]]:
    """Return the followers that can be imported, and an error for each that cannot."""
    followers: list[Follower] = []
    errors: list[CheckMessage] = []
    for name in dotted_names:
        try:
            found = import_string(name)
        except Exception as error:
            errors.append(Error(f"FOLLOWERS names {name}: {error!r}", id="privacycenter.E011"))
            continue
        if isinstance(found, Follower):
            followers.append(found)
        else:
            errors.append(Error(f"FOLLOWERS names {name}, which is no Follower.", id="privacycenter.E011"))
    return followers, errors


def topic_errors(topics: Sequence[Topic[Any]], followers: Sequence[Follower]) -> Iterator[CheckMessage]:
    for name in repeated(topic.name for topic in topics):
        yield Error(f"Two topics are called {name}.", id="privacycenter.E012")
    followed = {topic for follower in followers for topic in follower.works}
    for topic in topics:
        if topic not in followed:
            yield Error(f"Nobody follows the topic {topic}.", hint="What is left is lost.", id="privacycenter.E013")


def follower_errors(
    followers: Sequence[Follower], topics: Sequence[Topic[Any]], declared: Sequence[Follower]
) -> Iterator[CheckMessage]:
    for name in repeated(follower.name for follower in followers):
        yield Error(f"Two followers are called {name}.", id="privacycenter.E014")
    for follower in followers:
        if not follower.works:
            yield Error(f"The follower {follower.name} follows no topic.", id="privacycenter.E015")
        for topic in follower.works:
            if topic not in topics:
                yield Error(
                    f"The follower {follower.name} follows {topic}, which no module named topics declares.",
                    id="privacycenter.E016",
                )
    for follower in declared:
        if follower not in followers:
            yield Error(f"The follower {follower.name} is not in FOLLOWERS: it never works.", id="privacycenter.E017")


def repeated(names: Iterable[str]) -> list[str]:
    return [name for name, count in Counter(names).items() if count > 1]


def declared_topics() -> list[Topic[Any]]:
    return declared(Topic, "topics")


def declared_followers() -> list[Follower]:
    return declared(Follower, "followers")


def declared(kind: type[T], module_name: str) -> list[T]:
    """Return the constants of this kind in all modules of this name, each once."""
    found: dict[int, T] = {}
    for app in OUR_APPS:
        package = import_module(app)
        for _finder, name, _is_package in pkgutil.walk_packages(package.__path__, f"{app}."):
            if name.rpartition(".")[2] == module_name:
                values = vars(import_module(name)).values()
                found |= {id(value): value for value in values if isinstance(value, kind)}
    return list(found.values())

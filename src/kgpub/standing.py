"""In which order the values of a property stand: texts by the reader's languages, dates as they follow."""

from pyoxigraph import Literal

from kgpub.days import moment
from kgpub.model import Statement


def standing(statement: Statement, languages: tuple[str, ...]) -> tuple[int, int]:
    """Where a statement stands among others of its property: by language, and dates as they follow."""
    value = statement.object
    since = moment(value.value, value.datatype.value) if isinstance(value, Literal) else 0
    return _foreign(statement, languages), since


def _foreign(statement: Statement, languages: tuple[str, ...]) -> int:
    """How far a statement's text is from the reader's languages; 0 for what is no text."""
    language = statement.object.language if isinstance(statement.object, Literal) else None
    if language is None:
        return 0
    return languages.index(language.lower()) if language.lower() in languages else len(languages)

"""What may be asked of a log: its form, and what is put together. It imports nothing, for the command line's sake."""

from enum import StrEnum


class Form(StrEnum):
    """How a log is written."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"
    SARIF = "sarif"
    JUNIT = "junit"
    GITHUB = "github"


class By(StrEnum):
    """What the entries of a group have in common."""

    SHAPE = "shape"
    FILE = "file"
    FOCUS = "focus"
    SEVERITY = "severity"
    RULE = "rule"
    NONE = "none"

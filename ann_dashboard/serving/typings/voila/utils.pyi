"""The names under which Voila tells a kernel of its request."""

from enum import StrEnum

class ENV_VARIABLE(StrEnum):
    VOILA_PREHEAT = "VOILA_PREHEAT"

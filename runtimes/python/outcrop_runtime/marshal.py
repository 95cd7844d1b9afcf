"""Events out of JSON, answers into it: what json writes, and Decimal as the number it is."""
import json
import os
import re
import sys

from .errors import Fault

# Runtimes before Python 3.12 escape what is not ASCII.
_ESCAPES = os.environ.get('AWS_EXECUTION_ENV', '') in {f'AWS_Lambda_python3.{minor}' for minor in (9, 10, 11)}


class _Encoder(json.JSONEncoder):
    """json has no raw numbers: a Decimal is a mark first, and replaced when the text stands."""

    def __init__(self):
        super().__init__(ensure_ascii=_ESCAPES)
        self._decimals = []
        self._mark = os.urandom(12).hex()

    def default(self, value):
        decimal = sys.modules.get('decimal')  # not loaded: there is none
        if decimal is None or not isinstance(value, decimal.Decimal):
            return super().default(value)
        self._decimals.append('NaN' if value.is_nan() else str(value))
        return f'{self._mark}{len(self._decimals) - 1}'

    def text(self, value):
        text = self.encode(value)
        if not self._decimals:
            return text
        return re.sub(f'"{self._mark}([0-9]+)"', lambda found: self._decimals[int(found[1])], text)


def to_json(value):
    return _Encoder().text(value)  # one for each, as threads of a function log while another answers


def unmarshal(body):
    try:
        return json.loads(body)
    except Exception as error:
        raise Fault('Runtime.UnmarshalError', f'Unable to unmarshal input: {error}') from error


def marshal(result):
    """(bytes, content type) of what a handler returned."""
    if isinstance(result, bytes):
        return result, 'application/unknown'
    try:
        return to_json(result).encode(), 'application/json'
    except Exception as error:
        raise Fault('Runtime.MarshalError', f'Unable to marshal response: {error}') from error

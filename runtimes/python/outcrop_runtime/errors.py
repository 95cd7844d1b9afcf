"""Errors as the Runtime API and logs are told of them, and those that are the runtime's own."""
import os
import traceback

_OWN_FOLDER = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


class Fault(Exception):
    """An error of the runtime's own: 'Runtime.ImportModuleError' and its kin, without a trace unless one helps."""

    def __init__(self, error_type, message, trace=()):
        super().__init__(message)
        self.error_type = error_type
        self.message = message
        self.trace = list(trace)


def describe(error, request_id=''):
    """What posts carry of an exception: where the function was, without the frames of the runtime."""
    if isinstance(error, Fault):
        return _described(error.message, error.error_type, error.trace, request_id)
    frames = [f for f in traceback.extract_tb(error.__traceback__) if not _is_own(f.filename)]
    return _described(str(error), type(error).__name__, traceback.format_list(frames), request_id)


def _described(message, error_type, trace, request_id):
    return {'errorMessage': message, 'errorType': error_type, 'requestId': request_id, 'stackTrace': trace}


def _is_own(filename):
    return filename.startswith((_OWN_FOLDER, '<frozen importlib')) or '/importlib/__init__.py' in filename

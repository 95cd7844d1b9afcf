"""What functions log: a root handler of the logging module in the function's log format, over records on the descriptor for logs (so that
one may have many lines) or lines of standard output."""
import logging
import os
import sys
import time
import traceback

from .marshal import to_json

_IS_JSON = os.environ.get('AWS_LAMBDA_LOG_FORMAT', '').upper() == 'JSON'
_LEVEL = {'TRACE': 'DEBUG'}.get(os.environ.get('AWS_LAMBDA_LOG_LEVEL', '').upper(), os.environ.get('AWS_LAMBDA_LOG_LEVEL', '').upper())

# A record's type by the level of logging: 0xa55a0003 for text and 0xa55a0002 for JSON, and the rank of the level.
_RANKS = {logging.DEBUG: 2, logging.INFO: 3, logging.WARNING: 4, logging.ERROR: 5, logging.CRITICAL: 6}

# What a record has beside what the function gave it by `extra`.
_OWN_FIELDS = set(vars(logging.makeLogRecord({}))) | {'message', 'asctime', 'aws_request_id', 'taskName'}

request_id = ''  # of the invocation under way


class _Descriptor:
    """Records with type, length and microseconds since 1970, big-endian, before their text."""

    def __init__(self, number):
        self._number = number

    def write(self, text, rank=0):
        body = text.encode(errors='replace')
        kind = (0xA55A0002 if _IS_JSON and rank else 0xA55A0003) | (rank << 2)
        frame = kind.to_bytes(4, 'big') + len(body).to_bytes(4, 'big') + (time.time_ns() // 1000).to_bytes(8, 'big') + body
        while frame:
            frame = frame[os.write(self._number, frame):]

    def write_error(self, lines):
        self.write('\n'.join(lines), _RANKS[logging.ERROR])


class _Output:
    """Standard output, where a line is an event."""

    def write(self, text, rank=0):
        sys.stdout.write(text)

    def write_error(self, lines):
        sys.stdout.write('\r'.join(lines) + '\n')


def _level_of(record):
    return min(50, max(0, record.levelno)) // 10 * 10


class _Handler(logging.Handler):
    def emit(self, record):
        record.aws_request_id = request_id
        try:
            sink.write(self.format(record), _RANKS.get(_level_of(record), 0) if _IS_JSON or _LEVEL else 0)
        except Exception:
            self.handleError(record)


class _JsonFormatter(logging.Formatter):
    def format(self, record):
        fields = {
            'timestamp': time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime(record.created)),
            'level': logging.getLevelName(_level_of(record)),
            'message': record.getMessage(),
            'logger': record.name,
            'requestId': record.aws_request_id,
        }
        if record.exc_info:
            kind, error, trace = record.exc_info
            fields['stackTrace'] = traceback.format_tb(trace)
            fields['errorType'] = kind.__name__ if kind else None
            fields['errorMessage'] = str(error)
            fields['location'] = f'{record.pathname}:{record.funcName}:{record.lineno}'
        for name, value in vars(record).items():
            if name not in _OWN_FIELDS and name not in fields:
                fields[name] = value
        return to_json({name: value for name, value in fields.items() if value is not None}) + '\n'


def _make_sink():
    number = os.environ.pop('_LAMBDA_TELEMETRY_LOG_FD', None)
    return _Output() if number is None else _Descriptor(int(number))


sink = _make_sink()


def set_up():
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)
    logging.Formatter.converter = time.gmtime
    handler = _Handler()
    if _IS_JSON:
        handler.setFormatter(_JsonFormatter())
    else:
        layout = '[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n'
        handler.setFormatter(logging.Formatter(layout, '%Y-%m-%dT%H:%M:%S'))
    root = logging.getLogger()
    root.addHandler(handler)
    if _LEVEL in logging._nameToLevel:
        root.setLevel(_LEVEL)


def log_error(described):
    """An invocation, or the loading of the handler, has failed."""
    if _IS_JSON:
        timestamp = time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())
        return sink.write_error([to_json({'timestamp': timestamp, 'log_level': 'ERROR', **described})])
    lines = [f"[ERROR] {described['errorType']}: {described['errorMessage']}", 'Traceback (most recent call last):']
    for entry in described['stackTrace']:
        # No-break spaces: readers of logs swallow the others at a line's beginning.
        lines += [line.replace(' ', '\u00a0', len(line) - len(line.lstrip(' '))) for line in entry.splitlines()]
    sink.write_error(lines)

"""The life of an environment: the handler is loaded, then serves event after event until the platform ends the process."""
import os
import sys

from . import errors, handler, logs, marshal
from .api import RuntimeApi
from .api_names import lead_api_names_to
from .context import LambdaContext


def run(handler_name, address):
    api = RuntimeApi(address)
    logs.set_up()
    lead_api_names_to(os.environ.get('AWS_ENDPOINT_URL'))
    try:
        function = handler.load(handler_name)
    except Exception as error:
        described = errors.describe(error)
        logs.log_error(described)
        api.fail_init(marshal.to_json(described).encode(), described['errorType'])
        sys.exit(1)
    while True:
        _serve(api, function, *api.next())


def _serve(api, function, headers, body):
    request_id = logs.request_id = headers['lambda-runtime-aws-request-id']
    _set_trace(headers.get('lambda-runtime-trace-id'))
    try:
        context = LambdaContext(headers, logs.sink.write)
        result, content_type = marshal.marshal(function(marshal.unmarshal(body), context))
    except Exception as error:
        described = errors.describe(error, request_id)
        logs.log_error(described)
        api.fail(request_id, marshal.to_json(described).encode(), described['errorType'])
    else:
        api.respond(request_id, result, content_type)
    sys.stdout.flush()
    sys.stderr.flush()


def _set_trace(header):
    if header:
        os.environ['_X_AMZN_TRACE_ID'] = header
    else:
        os.environ.pop('_X_AMZN_TRACE_ID', None)

"""What a handler is given beside its event, as AWS has it."""
import json
import os
import time

from .errors import Fault


class _Fields:
    """An object with the named attributes, None where `values` lacks them."""

    __slots__ = ()

    def __init__(self, values):
        for name in self.__slots__:
            setattr(self, name, values.get(name))

    def __repr__(self):
        return f"{type(self).__name__}([{','.join(f'{name}={getattr(self, name)}' for name in self.__slots__)}])"


class CognitoIdentity(_Fields):
    __slots__ = ('cognito_identity_id', 'cognito_identity_pool_id')


class Client(_Fields):
    __slots__ = ('installation_id', 'app_title', 'app_version_name', 'app_version_code', 'app_package_name')


class ClientContext(_Fields):
    __slots__ = ('custom', 'env', 'client')

    def __init__(self, values):
        super().__init__(values)
        if self.client is not None:
            self.client = Client(self.client)


class LambdaContext:
    def __init__(self, headers, write):
        self.aws_request_id = headers.get('lambda-runtime-aws-request-id')
        self.log_group_name = os.environ.get('AWS_LAMBDA_LOG_GROUP_NAME')
        self.log_stream_name = os.environ.get('AWS_LAMBDA_LOG_STREAM_NAME')
        self.function_name = os.environ.get('AWS_LAMBDA_FUNCTION_NAME')
        self.memory_limit_in_mb = os.environ.get('AWS_LAMBDA_FUNCTION_MEMORY_SIZE')
        self.function_version = os.environ.get('AWS_LAMBDA_FUNCTION_VERSION')
        self.invoked_function_arn = headers.get('lambda-runtime-invoked-function-arn')
        client_context = _parsed(headers.get('lambda-runtime-client-context'), 'Client Context')
        self.client_context = None if client_context is None else ClientContext(client_context)
        identity = _parsed(headers.get('lambda-runtime-cognito-identity'), 'Cognito Identity') or {}
        self.identity = CognitoIdentity(
            {'cognito_identity_id': identity.get('cognitoIdentityId'), 'cognito_identity_pool_id': identity.get('cognitoIdentityPoolId')}
        )
        self._deadline_ms = int(headers.get('lambda-runtime-deadline-ms', 0))
        self._write = write

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline_ms - int(time.time() * 1000))

    def log(self, message):
        self._write(str(message))

    def __repr__(self):
        fields = ','.join(f'{name}={value}' for name, value in vars(self).items() if not name.startswith('_'))
        return f'LambdaContext([{fields}])'


def _parsed(text, name):
    if not text:
        return None
    try:
        return json.loads(text)
    except ValueError as error:
        raise Fault('Runtime.LambdaContextUnmarshalError', f'Unable to parse {name} JSON: {error}') from error

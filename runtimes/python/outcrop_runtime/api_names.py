"""The names that APIs have on AWS, {apiId}.execute-api.{region}.amazonaws.com, lead to the server: what a handler builds of
requestContext.apiId, or was given as a URL, reaches the API here. Only where a connection goes is changed: the name stays in the Host
header and in TLS, which the server has a certificate for."""
import re
import socket

_API_NAME = re.compile(r'[a-z0-9-]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?', re.IGNORECASE)
_ENDPOINT = re.compile(r'(https?)://(?:\[([0-9a-f:]+)\]|([^:/\[\]]+))(?::(\d+))?/?', re.IGNORECASE)


def lead_api_names_to(endpoint):
    """`endpoint`: the URL of the server, as SDKs are told it."""
    parts = _ENDPOINT.fullmatch(endpoint or '')
    if parts is None:
        return
    server = parts[2] or parts[3]
    server_port = int(parts[4] or (443 if parts[1].lower() == 'https' else 80))
    look_up = socket.getaddrinfo

    # What asks with a name is given an address with its port, and connects to both.
    def getaddrinfo(host, port, family=0, type=0, proto=0, flags=0):
        name = host.decode('ascii', 'replace') if isinstance(host, bytes) else host
        if isinstance(name, str) and _API_NAME.fullmatch(name):
            host, port, family = server, server_port, 0
        return look_up(host, port, family, type, proto, flags)

    socket.getaddrinfo = getaddrinfo

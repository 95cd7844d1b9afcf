// The names that APIs have on AWS, {apiId}.execute-api.{region}.amazonaws.com, lead to the server: what a handler builds of
// requestContext.apiId, or was given as a URL, reaches the API here. Only where a connection goes is changed: the name stays in the Host
// header and in TLS, which the server has a certificate for.
'use strict';

const net = require('node:net');

const apiName = /^[a-z0-9-]+\.execute-api\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/i;

// The address of the server, as SDKs are told it.
function serverAddress(endpoint) {
  if (!URL.canParse(endpoint ?? '')) return null;
  const { hostname, port, protocol } = new URL(endpoint);
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || (protocol === 'https:' ? 443 : 80) };
}

function leadApiNamesTo(endpoint) {
  const server = serverAddress(endpoint);
  if (!server) return;
  const connect = net.Socket.prototype.connect;
  // As net.connect() hands its arguments on: in an array that is marked as put in order, [options, callback].
  net.Socket.prototype.connect = function (...args) {
    const isOrdered = Array.isArray(args[0]);
    const options = isOrdered ? args[0][0] : args[0];
    if (options && typeof options === 'object' && apiName.test(options.host)) {
      const led = { ...options, ...server };
      if (isOrdered) args[0][0] = led;
      else args[0] = led;
    } else if (typeof args[1] === 'string' && apiName.test(args[1])) {
      [args[0], args[1]] = [server.port, server.host];
    }
    return connect.apply(this, args);
  };
}

module.exports = { leadApiNamesTo };

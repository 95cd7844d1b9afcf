// Trust in the authorities of AWS_CA_BUNDLE where NODE_EXTRA_CA_CERTS is set but empty. Node.js before 22 reads all certificates at its start
// when that names a file, which takes 40 ms of functions that may never use TLS; here they are read when TLS is used first.
'use strict';

const fs = require('node:fs');

const { env } = process;

// Without any of these, what is to be known of a connection's security is the same for all.
const own = [
  'cert', 'ciphers', 'clientCertEngine', 'crl', 'dhparam', 'ecdhCurve', 'key', 'maxVersion', 'minVersion', 'passphrase', 'pfx', 'privateKeyEngine',
  'privateKeyIdentifier', 'secureOptions', 'secureProtocol', 'sessionIdContext', 'sessionTimeout', 'sigalgs', 'ticketKeys',
];

function trustLate() {
  if (env.NODE_EXTRA_CA_CERTS !== '') return;
  const file = env.AWS_CA_BUNDLE;
  if (!file) return void delete env.NODE_EXTRA_CA_CERTS;
  env.NODE_EXTRA_CA_CERTS = file; // for programs that the function starts

  const tls = require('node:tls');
  const create = tls.createSecureContext;
  const trusting = (options) => {
    const secure = create(options);
    secure.context.addCACert(fs.readFileSync(file));
    return secure;
  };
  let common = null;
  tls.createSecureContext = (options = {}) => {
    if (options.ca) return create(options);
    return own.some((name) => options[name] !== undefined) ? trusting(options) : (common ??= trusting());
  };
  require('node:module').syncBuiltinESMExports();
}

module.exports = { trustLate };

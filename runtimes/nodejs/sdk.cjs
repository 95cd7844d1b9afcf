// The AWS SDK as Lambda provides it: what a function does not ship itself is found in the library folder. Nothing of the library is loaded
// before the function asks for it.
'use strict';

const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const isOffered = /^@(aws-sdk|smithy|aws-crypto|aws)\//;

let library = '';
let isOfferedToModules = false;

// `folder` is the one with node_modules in it; empty: there is none.
function offer(folder) {
  library = folder;
  if (!library) return;
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (request, parent, isMain, options) {
    if (!isOffered.test(request)) return resolve.call(this, request, parent, isMain, options);
    try {
      return resolve.call(this, request, parent, isMain, options);
    } catch (error) {
      if (error.code !== 'MODULE_NOT_FOUND') throw error;
      return resolveInLibrary(resolve, request, error);
    }
  };
  if (Module.registerHooks) return offerToModules(); // Node.js 22.15: costs nothing
  offerToDynamicImports();
}

function resolveInLibrary(resolve, request, error) {
  try {
    return resolve(request, null, false, { paths: [library] });
  } catch {
    throw error; // in the words of where it was asked for
  }
}

// Before ES modules are loaded. Node.js before 22.15 runs hooks in a thread, whose start takes tens of milliseconds; before 18.19 and 20.6
// it has none, and ES modules must ship the SDK.
function offerToModules() {
  if (isOfferedToModules || !library) return;
  isOfferedToModules = true;
  const parentURL = pathToFileURL(path.join(library, 'index.js')).href;
  if (Module.registerHooks) {
    Module.registerHooks({
      resolve(specifier, context, next) {
        if (!isOffered.test(specifier)) return next(specifier, context);
        try {
          return next(specifier, context);
        } catch (error) {
          if (error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
          return next(specifier, { ...context, parentURL });
        }
      },
    });
  } else if (Module.register) {
    Module.register('./sdk_hooks.mjs', pathToFileURL(__filename).href, { data: { parentURL } });
  }
}

// CommonJS can import() too: the hooks are there before the first source that does.
function offerToDynamicImports() {
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (content, ...rest) {
    if (!isOfferedToModules && /\bimport\s*\(/.test(content)) offerToModules();
    return compile.call(this, content, ...rest);
  };
}

const asked = /\b(?:from|import)\s*\(?\s*(["'])([^"'\n]+)\1/g;
const computed = /\bimport\s*\(\s*[^"'\s]/;

// Before the ES module in `file` is loaded. Where hooks have a thread it is begun only if one of the modules that are reached from there
// may ask for a package: most handlers are one file, or bundled into one.
function offerTo(file) {
  if (library && (Module.registerHooks || asksForPackages(file))) offerToModules();
}

function asksForPackages(file, seen = new Set()) {
  if (seen.has(file)) return false;
  seen.add(file);
  let text;
  try {
    text = fs.readFileSync(file, 'utf8');
  } catch {
    return false; // the import will say so
  }
  if (computed.test(text)) return true;
  for (const [, , specifier] of text.matchAll(asked)) {
    if (specifier.startsWith('.')) {
      if (asksForPackages(path.resolve(path.dirname(file), specifier), seen)) return true;
    } else if (!Module.isBuiltin(specifier)) {
      return true;
    }
  }
  return false;
}

module.exports = { offer, offerTo };

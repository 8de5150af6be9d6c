'use strict';

// Starts the project's own @flue/cli where Yarn's PnP keeps it. `.pnp.cjs` is loaded before this file, and knows where
// that is.
const { readFileSync } = require('node:fs');
const { findPnpApi } = require('node:module');
const path = require('node:path');
const { pathToFileURL } = require('node:url');

const from = `${process.cwd()}${path.sep}`;
const folder = findPnpApi(from).resolveToUnqualified('@flue/cli', from);
const { bin } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
process.argv[1] = path.join(folder, typeof bin === 'string' ? bin : bin.flue);
import(pathToFileURL(process.argv[1]).href);

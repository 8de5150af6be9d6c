#!/usr/bin/env node
'use strict';

// The same program under a name that nobody else has: `flue` is also what @flue/cli calls its own.
require('./start.js')('flue-db');

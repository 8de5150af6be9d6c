#!/usr/bin/env node
console.log(`a stand-in for Flue's own command line: ${process.argv.slice(2).join(' ')}`);

/** Stands in the place of modules that only a bundler may import: `server-only`, `client-only`. */
export {};

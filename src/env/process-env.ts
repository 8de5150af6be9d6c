import type { Convention } from './index.ts';

/** Plain `process.env.NAME`: what every Flue project can do, and what the templates are written in. */
export const processEnv: Convention = {
  name: 'process.env',
  reference: (name) => ({ expression: `process.env.${name}` }),
};

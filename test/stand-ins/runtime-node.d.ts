/** What `@flue/runtime/node` gives, as far as a template uses it. */
export function sqlite(path: string): { connect(): unknown; migrate?(): Promise<void>; close?(): Promise<void> };

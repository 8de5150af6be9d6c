/** The words behind which a text names a module that it brings in, as a part of a pattern. */
export const bringing = /\b(?:from|import|require)\s*(?:\(\s*)?(?:\/\*[^*]{0,200}\*\/\s*)?/.source;

// One small chunk per command and one per heavy library, each required only by the run that needs it.
export default {
  input: { main: 'src/main.ts' },
  platform: 'node',
  // jsonc-parser's `main` is UMD, which requires its parts by computed names.
  resolve: { mainFields: ['module', 'main'] },
  output: {
    dir: 'dist',
    format: 'cjs',
    cleanDir: true,
    minify: { compress: true, mangle: false, codegen: { removeWhitespace: true } },
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    exports: 'named',
  },
};

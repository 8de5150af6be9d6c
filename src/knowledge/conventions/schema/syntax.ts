/** What a convention reads a module with. */
export { keyOf, type Module, type Node, nameOf, propertyOf, unwrap } from '../../../code/module.ts';
export { allNodes, callsIn, resolve } from '../../../code/scope.ts';
export { mirrored } from './entry.ts';
export { validated } from './initializer.ts';
export { callLists, computed, fromBundler, listAt, readsBundler, schemaAt } from './lists.ts';
export {
  argumentOf,
  calls,
  callsTo,
  importedNames,
  methodOf,
  readsOfEnvironment,
  spreads,
  typeArgumentsOf,
} from './reads.ts';
export { slot } from './slots.ts';

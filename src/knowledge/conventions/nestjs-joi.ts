import { joiPackages } from './joi.ts';
import { schemaConvention } from './schema/definition.ts';

/** `validationSchema: Joi.object({…})`: Nest keeps the checked values inside its container. */
export const nestjsJoi = schemaConvention({
  name: 'nestjs-joi',
  packages: joiPackages,
  mentions: /\bvalidationSchema\b/,
  reachableFromEntry: false,
  schemasIn(module, { allNodes, importedNames, keyOf, schemaAt }) {
    if (importedNames(module, joiPackages).size === 0) return [];
    const given = allNodes(module).filter((node) => node.type === 'Property' && keyOf(node) === 'validationSchema');
    return given.map((node) => schemaAt(module, node, node.value as typeof node));
  },
});

// A stand-in for what `pikku all` generates: the metadata first, then what it is about.
import { addFunction, pikkuState } from '@pikku/core/ecosystem';
import { addWorkflow } from '@pikku/core/workflow';
import { charge, order, ship } from '../src/order.functions.js';

const about = (pikkuFuncId: string, functionType: string) => {
  return { pikkuFuncId, functionType, sessionless: true, inputSchemaName: null, outputSchemaName: null };
};
const queue = 'wf-orchestrator-order';
const steps = { steps: [], nodes: {}, entryNodeIds: [] };
const flow = { name: 'order', pikkuFuncId: 'order', source: 'complex', graphHash: 'v1', ...steps };

Object.assign(pikkuState(null, 'function', 'meta') as object, {
  order: about('order', 'workflow'),
  charge: about('charge', 'user'),
  ship: about('ship', 'user'),
});
Object.assign(pikkuState(null, 'rpc', 'meta') as object, { charge: 'charge', ship: 'ship' });
Object.assign(pikkuState(null, 'workflows', 'meta') as object, { order: flow });
Object.assign(pikkuState(null, 'queue', 'meta') as object, {
  [queue]: { name: queue, pikkuFuncId: 'pikkuWorkflowOrchestrator:order' },
});
addFunction('charge', charge as never);
addFunction('ship', ship as never);
addWorkflow('order', order as never);

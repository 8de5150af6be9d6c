import { appendFileSync } from 'node:fs';

type Order = { id: string };
type Wire = { workflow: { do(step: string, rpc: string, data: object): Promise<object> } };

/** One line for each time that a step really ran: what must not be done twice. */
function note(what: string): void {
  appendFileSync(process.env.STEPS_LOG ?? '/dev/null', `${what}\n`);
}

export const charge = {
  func: async (_services: unknown, { id }: Order) => {
    note(`charge ${id}`);
    return { paid: true };
  },
};

export const ship = {
  func: async (_services: unknown, { id }: Order) => {
    note(`ship ${id}`);
    if (process.env.CRASH_IN_SHIP) process.kill(process.pid, 'SIGKILL');
    return { shipped: true };
  },
};

export const order = {
  func: async (_services: unknown, { id }: Order, { workflow }: Wire) => ({
    ...(await workflow.do('charge', 'charge', { id })),
    ...(await workflow.do('ship', 'ship', { id })),
  }),
};

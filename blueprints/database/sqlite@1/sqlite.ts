// flue-blueprint: database/sqlite@1
import { sqlite } from '@flue/runtime/node';

// One file on this host: state survives restarts, not the loss of the disk. `:memory:` instead would keep nothing.
const adapter: ReturnType<typeof sqlite> = sqlite('./data/flue.db');
export default adapter;

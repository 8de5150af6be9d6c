import { createAgentRouter } from '@flue/runtime/routing';
import { Hono } from 'hono';
import { Echo } from './agents/echo.ts';

const app = new Hono();
app.route('/agents/echo', createAgentRouter(Echo));

export default app;

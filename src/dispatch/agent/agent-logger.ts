import type { Logger } from 'pino';

/** The levels the agent uses; pino's logger fits. */
export type AgentLogger = Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;

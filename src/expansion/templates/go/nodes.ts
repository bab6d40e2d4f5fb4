/** Syntax tree of a Go template. */
export type Node =
  | { kind: 'text'; text: string }
  | { kind: 'action'; pipe: Pipe }
  | { kind: 'if' | 'with' | 'range'; pipe: Pipe; body: Node[]; otherwise: Node[] }
  | { kind: 'template'; name: string; pipe?: Pipe; at: number }
  | { kind: 'break' | 'continue' };

export interface Pipe {
  kind: 'pipe';
  commands: Command[];
  /** Variables that the pipeline declares or assigns. */
  variables: string[];
  isAssignment: boolean;
  at: number;
}

export interface Command {
  operands: Operand[];
  at: number;
}

export type Operand =
  | Pipe
  | { kind: 'function'; name: string; at: number }
  | { kind: 'field'; names: string[]; at: number }
  | { kind: 'variable'; name: string; names: string[]; at: number }
  | { kind: 'chain'; of: Operand; names: string[]; at: number }
  | { kind: 'dot' | 'nil'; at: number }
  | { kind: 'constant'; value: string | boolean | number | bigint; at: number };

/** A parsed text: its own nodes, and the templates it defines by name. */
export interface ParsedTemplate {
  nodes: Node[];
  defined: ReadonlyMap<string, Node[]>;
}

import type { RemoteRefs } from './remote-refs.js';

/** A branch or tag that stands elsewhere than before. */
export interface RefMove {
  /** Full name. */
  ref: string;
  /** Absent where it is new. */
  from?: string;
  /** Absent where it is gone. */
  to?: string;
  /** HEAD stands for it. */
  isDefault: boolean;
}

/** What moved between two looks at a remote. Another default branch counts as a move of HEAD itself. */
export function refMoves(before: RemoteRefs, after: RemoteRefs): RefMove[] {
  const names = new Set([...before.refs.keys(), ...after.refs.keys()]);
  const moves = [...names].flatMap((ref): RefMove[] => {
    const [from, to] = [before.refs.get(ref), after.refs.get(ref)];
    if (from === to) return [];
    const isDefault = ref === after.headRef || after.headRef === undefined;
    return [{ ref, isDefault, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }];
  });
  return before.headRef === after.headRef ? moves : [...moves, { ref: 'HEAD', isDefault: true }];
}

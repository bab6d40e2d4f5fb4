/** The Application that a render is kept for, where the same inputs give something else each time. */
export interface RenderOwner {
  /** Absent while it is only thought of. */
  uid?: string;
  /** `namespace/name`. */
  name: string;
}

/** How an owner is told from others. */
export function ownerKey(owner: RenderOwner | undefined): string {
  return owner?.uid ?? owner?.name ?? '';
}

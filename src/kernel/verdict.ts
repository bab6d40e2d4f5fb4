/** Whether something is allowed, and the rule that decided it in words a person can look up. */
export interface Verdict {
  allowed: boolean;
  reason: string;
}

export const allow = (reason: string): Verdict => ({ allowed: true, reason });
export const deny = (reason: string): Verdict => ({ allowed: false, reason });

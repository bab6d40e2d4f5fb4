/** Applications that are kept here and that the hub's last snapshot did not name. The hub is told on every change. */
export class UnownedApplications {
  private uids = new Set<string>();

  constructor(private readonly tell: (uids: string[]) => void) {}

  get size(): number {
    return this.uids.size;
  }

  has(uid: string): boolean {
    return this.uids.has(uid);
  }

  replace(uids: readonly string[]): void {
    this.uids = new Set(uids);
    this.tell([...this.uids]);
  }

  delete(uid: string): void {
    if (this.uids.delete(uid)) this.tell([...this.uids]);
  }
}

/** That a hub object was created, changed or removed; which of its fields changed is for the reader to find out. */
export interface ObjectChange {
  kind: string;
  uid: string;
  namespace: string;
  name: string;
  project?: string;
  /** Name of the member cluster an Application or store is destined for. */
  cluster?: string;
  ownerUid?: string;
  /** The row is gone. An object that is only marked for deletion is a change like any other. */
  deleted: boolean;
  position: number;
}

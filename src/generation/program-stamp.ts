/** Names the program whose passes these are: another build runs every set again. */
export class ProgramStamp {
  constructor(readonly value: string) {}
}

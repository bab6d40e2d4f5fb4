import { FleetError } from '../../kernel/errors.js';

const MESSAGE =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
  'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
  'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
  'deleted between the time the first chunk was returned and now may show up in the list.';

/** A page of a moment that is no longer kept; `token` goes on with the list as it is now. */
export class StaleContinue extends FleetError {
  constructor(readonly token: string) {
    super('gone', 'EXPIRED', MESSAGE);
  }
}
